// Tells a process from another one that was later given the same number, by its start time.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const STATE_FIELD = 0;
const START_TIME_FIELD = 19;

/** A text that is the same for as long as this very process lives; null when there is none (a zombie is none). */
export function identify(pid: number): string | null {
  return process.platform === 'linux' ? identifyOnLinux(pid) : identifyByPs(pid);
}

/** Not by its command line: right after a process is spawned the kernel may not show one yet. */
function identifyOnLinux(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may hold spaces; fields are counted after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Start times count from the boot, and numbers come again after one.
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return fields[STATE_FIELD] === 'Z' ? null : `${boot} ${fields[START_TIME_FIELD]}`;
  } catch {
    return null;
  }
}

function identifyByPs(pid: number): string | null {
  try {
    const text = execFileSync('ps', ['-o', 'lstart=,command=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return text === '' ? null : text;
  } catch {
    return null;
  }
}
