/* The release build has no unwind tables (Scripts/no-unwind-tables.ld), and so must not register any: gcc's start
   files would hand the empty place to libgcc, which ends the process over it at exit. The linker leads their calls
   here with --wrap. */

void __wrap___register_frame_info(const void *begin, void *object);
void *__wrap___deregister_frame_info(const void *begin);

void __wrap___register_frame_info(const void *begin, void *object)
{
	(void)begin;
	(void)object;
}

void *__wrap___deregister_frame_info(const void *begin)
{
	(void)begin;
	return 0;
}
