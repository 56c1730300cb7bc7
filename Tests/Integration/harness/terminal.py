"""A terminal for a command: a pty of which it is the controlling process, as a user's shell would give it."""
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time


class Terminal:
    def __init__(self, command, env=None, columns=80, rows=24):
        self.master, slave = pty.openpty()
        self.resize(columns, rows, tell=False)
        self.output = ""
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(slave)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)

    def resize(self, columns, rows, tell=True):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if tell:
            self.process.send_signal(signal.SIGWINCH)

    def type(self, text):
        os.write(self.master, text.encode())

    def read_until(self, text, timeout=15):
        """What the terminal shows up to and with a text; what comes later is kept for the next call."""
        end = time.monotonic() + timeout
        while text not in self.output:
            left = end - time.monotonic()
            ready = left > 0 and select.select([self.master], [], [], left)[0]
            if not ready:
                raise AssertionError(f"waited in vain for {text!r}, the terminal shows {self.output!r}")
            try:
                piece = os.read(self.master, 65536)
            except OSError:
                piece = b""  # EIO: the command and its children have closed their side.
            if not piece:
                raise AssertionError(f"ended without {text!r}, the terminal shows {self.output!r}")
            self.output += piece.decode(errors="replace")
        place = self.output.index(text) + len(text)
        shown, self.output = self.output[:place], self.output[place:]
        return shown

    def wait(self, timeout=15):
        """The exit code. Reads on meanwhile, so that the command can write."""
        end = time.monotonic() + timeout
        while self.process.poll() is None:
            if time.monotonic() > end:
                raise AssertionError(f"does not end, the terminal shows {self.output!r}")
            if select.select([self.master], [], [], 0.05)[0]:
                try:
                    self.output += os.read(self.master, 65536).decode(errors="replace")
                except OSError:
                    pass
        return self.process.returncode
