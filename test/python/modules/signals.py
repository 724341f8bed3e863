# Handlers, masks, the wakeup descriptor, and signals that the program sends to itself.
import _signal
import os
import signal

print(sorted(n for n in dir(_signal) if not n.startswith('__')))
seen=[]
print(signal.getsignal(signal.SIGINT))
old=signal.signal(signal.SIGUSR1, lambda n,f: seen.append((n, f.f_code.co_name)))
print(old)
def g(): signal.raise_signal(signal.SIGUSR1)
g()
print(seen)
os.kill(os.getpid(), signal.SIGUSR1)
print(seen)
try:
    signal.raise_signal(signal.SIGINT)
    print("no")
except KeyboardInterrupt: print("KI")
for bad in ('signal.setitimer(9,1)','signal.setitimer(0,-1)','signal.setitimer(0,\"a\")','signal.alarm(1.5)','signal.signal(9,signal.SIG_IGN)','signal.signal(32,signal.SIG_IGN)','signal.signal(99,signal.SIG_IGN)','signal.signal(2,5)','signal.pthread_sigmask(9,[1])','signal.pthread_sigmask(0,[99])','signal.raise_signal(99)','signal.raise_signal(0)','signal.siginterrupt(9,True)','signal.siginterrupt(99,True)','signal.set_wakeup_fd(99)','signal.getitimer(7)','signal.strsignal(99)','signal.strsignal(32)','signal.getsignal(99)','signal.sigtimedwait([1],-1)','signal.sigtimedwait([1],0)','signal.sigwait([99])','signal.sigwait(5)','signal.default_int_handler(1)','signal.default_int_handler(1,2)','signal.pidfd_send_signal(99,1)','signal.sigpending()', 'signal.getitimer(0)','signal.raise_signal(17)'):
  try: print(bad, '->', eval(bad))
  except BaseException as e: print(bad,'->', type(e), e)
print([signal.strsignal(s) for s in range(1,65)])
print(len(signal.valid_signals()))
print(signal.pthread_sigmask(signal.SIG_BLOCK,[signal.SIGUSR1]))
signal.raise_signal(signal.SIGUSR1); print(len(seen), signal.sigpending())
print(signal.pthread_sigmask(signal.SIG_UNBLOCK,[signal.SIGUSR1]), len(seen))
signal.pthread_sigmask(signal.SIG_BLOCK,[signal.SIGUSR1])
signal.raise_signal(signal.SIGUSR1)
print(signal.sigwait([signal.SIGUSR1]), signal.sigpending())
signal.raise_signal(signal.SIGUSR1)
si=signal.sigwaitinfo([signal.SIGUSR1]); print(si.si_signo, si.si_pid==os.getpid(), type(si))
r,w=os.pipe()
try: signal.set_wakeup_fd(w)
except ValueError as e: print(str(e).replace(str(w),'N'))
os.set_blocking(w,False)
print(signal.set_wakeup_fd(w))
signal.pthread_sigmask(signal.SIG_SETMASK,[])
signal.raise_signal(signal.SIGUSR1)
print(os.read(r,10)); print(signal.set_wakeup_fd(-1)==w)
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
signal.raise_signal(signal.SIGUSR1); print(len(seen))
print(signal.signal(signal.SIGUSR1, signal.SIG_DFL))
def bad(n,f): 1/0
signal.signal(signal.SIGUSR2,bad)
try: signal.raise_signal(signal.SIGUSR2)
except ZeroDivisionError as e: print(repr(e))
