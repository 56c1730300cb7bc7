/// Which system calls the default filter allows: Docker's and containerd's policy, as data. A call that is not
/// listed fails with EPERM; one too new for the filter's tables with ENOSYS, so that programs fall back.
enum SeccompPolicy {
    private static func words(_ text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).map(String.init)
    }

    /// For everyone, by subject.
    static let always = words(
        """
        access chdir chmod chown chown32 close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2
        fadvise64 fadvise64_64 fallocate fchdir fchmod fchmodat fchmodat2 fchown fchown32 fchownat fcntl fcntl64
        fdatasync fgetxattr flistxattr flock fremovexattr fsetxattr fstat fstat64 fstatat64 fstatfs fstatfs64 fsync
        ftruncate ftruncate64 futimesat getcwd getdents getdents64 getxattr getxattrat ioctl lchown lchown32
        lgetxattr link linkat listxattr listxattrat llistxattr _llseek lremovexattr lseek lsetxattr lstat lstat64
        mkdir mkdirat mknod mknodat name_to_handle_at newfstatat open openat openat2 pread64 preadv preadv2 pwrite64
        pwritev pwritev2 read readahead readlink readlinkat readv removexattr removexattrat rename renameat renameat2
        rmdir sendfile sendfile64 setxattr setxattrat splice stat stat64 statfs statfs64 statx symlink symlinkat
        sync sync_file_range syncfs tee truncate truncate64 umask unlink unlinkat utime utimensat utimensat_time64
        utimes vmsplice write writev

        epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd
        eventfd2 fanotify_mark inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel io_destroy
        io_getevents io_pgetevents io_pgetevents_time64 io_setup io_submit _newselect pipe pipe2 poll ppoll
        ppoll_time64 pselect6 pselect6_time64 select signalfd signalfd4

        accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom recvmmsg
        recvmmsg_time64 recvmsg send sendmmsg sendmsg sendto setsockopt shutdown socketcall socketpair

        brk cachestat madvise map_shadow_stack memfd_create memfd_secret mincore mlock mlock2 mlockall mmap mmap2
        mprotect mremap mseal msync munlock munlockall munmap pkey_alloc pkey_free pkey_mprotect process_madvise
        process_mrelease remap_file_pages

        ipc mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64
        mq_unlink msgctl msgget msgrcv msgsnd semctl semget semop semtimedop semtimedop_time64 shmat shmctl shmdt
        shmget

        alarm capget capset execve execveat exit exit_group fork futex futex_requeue futex_time64 futex_wait
        futex_waitv futex_wake getcpu getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32
        getpgid getpgrp getpid getppid getpriority getrandom getresgid getresgid32 getresuid getresuid32 getrlimit
        get_robust_list getrusage getsid get_thread_area gettid getuid getuid32 ioprio_get ioprio_set kill
        landlock_add_rule landlock_create_ruleset landlock_restrict_self membarrier pause pidfd_open
        pidfd_send_signal prctl prlimit64 process_vm_readv process_vm_writev ptrace restart_syscall rseq
        rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait
        rt_sigtimedwait_time64 rt_tgsigqueueinfo sched_getaffinity sched_getattr sched_getparam
        sched_get_priority_max sched_get_priority_min sched_getscheduler sched_rr_get_interval
        sched_rr_get_interval_time64 sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield
        seccomp setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setpgid setpriority
        setregid setregid32 setresgid setresgid32 setresuid setresuid32 setreuid setreuid32 setrlimit
        set_robust_list setsid set_thread_area set_tid_address setuid setuid32 sigaltstack sigprocmask sigreturn
        sysinfo tgkill tkill ugetrlimit uname vfork wait4 waitid waitpid

        adjtimex clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime clock_gettime64
        clock_nanosleep clock_nanosleep_time64 getitimer gettimeofday nanosleep setitimer time timer_create
        timer_delete timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64 timerfd_create
        timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64 times

        arch_prctl modify_ldt arm_fadvise64_64 arm_sync_file_range sync_file_range2 breakpoint cacheflush set_tls
        riscv_flush_icache uretprobe
        """)

    /// What a capability adds.
    static let withCapability: [(capability: String, calls: [String])] = [
        ("DAC_READ_SEARCH", words("open_by_handle_at")),
        (
            "SYS_ADMIN",
            words(
                """
                bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick listmount lookup_dcookie mount
                mount_setattr move_mount open_tree perf_event_open quotactl quotactl_fd setdomainname sethostname
                setns statmount syslog umount umount2 unshare
                """)
        ),
        ("SYS_BOOT", words("reboot")),
        ("SYS_CHROOT", words("chroot")),
        ("SYS_MODULE", words("delete_module finit_module init_module")),
        ("SYS_PACCT", words("acct")),
        ("SYS_PTRACE", words("kcmp pidfd_getfd")),
        ("SYS_RAWIO", words("ioperm iopl")),
        ("SYS_TIME", words("clock_settime clock_settime64 settimeofday stime")),
        ("SYS_TTY_CONFIG", words("vhangup")),
        ("SYS_NICE", words("get_mempolicy mbind set_mempolicy set_mempolicy_home_node")),
        ("SYSLOG", words("syslog")),
        ("BPF", words("bpf")),
        ("PERFMON", words("perf_event_open")),
    ]

    /// Execution domains that are harmless: PER_LINUX, PER_LINUX32, both with UNAME26, and the question.
    static let personalities: [UInt64] = [0, 0x8, 0x20000, 0x20008, 0xffff_ffff]

    /// The CLONE_NEW... flags, which only CAP_SYS_ADMIN's holders may use.
    static let namespaceFlags: UInt64 = 0x7E02_0000

    /// AF_VSOCK reaches the hypervisor past every network policy.
    static let vsock: UInt64 = 40
}
