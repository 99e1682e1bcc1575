import { statSync } from "node:fs";
import { readIfThere } from "./files.ts";
import { Rejection } from "./result.ts";
import { run, tryRun } from "./shell.ts";
import { namesIn } from "./store.ts";

/** Stops a member's PHP where it answers; gives what starts it again then. */
export function stopPhp(member: string): () => void {
  const socket = `php-member@${member}.socket`;
  const isActive = tryRun("systemctl", ["is-active", "--quiet", socket]).code === 0;
  // The service may run on without its socket.
  run("systemctl", ["stop", "--quiet", socket, `php-member@${member}.service`]);
  return () => {
    if (isActive) run("systemctl", ["start", "--quiet", socket]);
  };
}

/** Does something while nothing of a member runs. @throws Rejection when something else of theirs does */
export function whileIdle(member: string, uid: number, action: () => void): void {
  const startAgain = stopPhp(member);
  try {
    refuseRunning(member, uid);
    action();
  } finally {
    startAgain();
  }
}

/** @throws Rejection when something of a member still runs after some seconds in which what was stopped ends */
export function refuseRunning(member: string, uid: number): void {
  for (let tries = 0; tries < 20 && processesOf(uid).length > 0; tries += 1) run("sleep", ["0.2"]);
  const running = processesOf(uid);
  if (running.length > 0)
    throw new Rejection(
      `les fichiers de ${member} changent de place, mais il y travaille (${running.join(", ")}) : relancer plus tard`,
    );
}

function processesOf(uid: number): string[] {
  return namesIn("/proc", "")
    .filter((pid) => /^\d+$/.test(pid) && statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === uid)
    .map((pid) => readIfThere(`/proc/${pid}/comm`)?.toString().trim() ?? "")
    .filter((name) => name !== "");
}
