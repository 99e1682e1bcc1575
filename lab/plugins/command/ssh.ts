import { constants } from "node:os";
import type { Client, ClientChannel } from "ssh2";
import type { Engine } from "../protocol.ts";
import { type Connection, dial } from "./dial.ts";
import { type Captured, type Collector, collector, goQuote } from "./output.ts";

/** A variable for the command's environment; one that is not required may be refused by the host. */
export interface Variable {
  name: string;
  value: string;
  required: boolean;
}

export interface RemoteRun {
  connection: Connection;
  command: string;
  stdin: string | undefined;
  variables: readonly Variable[];
  logging: string | undefined;
}

type Callbacks = ((failure: unknown) => void)[];

/** The parts of ssh2 that it keeps to itself, and without which it can't ask for an answer to `env` (RFC 4254, 6.4). */
interface Internals {
  _protocol: {
    env(channel: number, name: string, value: string, wantReply: boolean): void;
    exec(channel: number, command: string, wantReply: boolean): void;
  };
  _chanMgr: { _channels: Record<string, { _callbacks: Callbacks }> };
}

/**
 * Makes a client with a single channel wait for the answer to each variable before it sends the command: ssh2 itself
 * sends both at once, and does not ask whether the host took the variable.
 * @param refused is called for each variable that the host refuses; true stops the run
 */
function askForVariables(client: Client, refused: (name: string) => boolean, stopped: () => void): void {
  const { _protocol: protocol, _chanMgr: manager } = client as unknown as Internals;
  const env = protocol.env.bind(protocol);
  const exec = protocol.exec.bind(protocol);
  const answers: Promise<boolean>[] = [];
  protocol.env = (channel, name, value) => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    answers.push(promise);
    const [only] = Object.values(manager._channels);
    only?._callbacks.push((failure) => resolve(failure !== false && refused(name)));
    env(channel, name, value, true);
  };
  protocol.exec = (channel, command, wantReply) => {
    void Promise.all(answers).then((fatal) => (fatal.includes(true) ? stopped() : exec(channel, command, wantReply)));
  };
}

const refusedText = (
  name: string,
) => `Unable to set '${name}'. This only works if your SSH server is configured to accept
	these variables via AcceptEnv. Alternatively, if a Bash-like shell runs the command on the remote host, you could
	prefix the command itself with the variables in the form 'VAR=value command'`;

/** How a remote process ended, in the words of x/crypto/ssh; undefined for exit 0. */
function exitText(code: number | null, signal: string | undefined): string | undefined {
  if (code !== null) return code === 0 ? undefined : `Process exited with status ${code}`;
  const name = signal?.replace(/^SIG/, "") ?? "";
  const number = constants.signals[`SIG${name}` as NodeJS.Signals] ?? 0;
  return `Process exited with status ${128 + number} from signal ${name}`;
}

/** Feeds a started command, and calls `done` at its end with the text that says how it failed. */
function follow(
  channel: ClientChannel,
  stdin: string,
  output: Collector,
  done: (failure: string | undefined) => void,
): void {
  let end: string | undefined = "wait: remote command exited without exit status or exit signal";
  let taken = false;
  for (const [name, source] of [
    ["stdout", channel],
    ["stderr", channel.stderr],
  ] as const) {
    source.on("data", (chunk: Buffer) => {
      if (output.add(name, chunk)) return;
      // The official plugin reads no further: the run hangs for ever.
      channel.removeAllListeners("close");
      channel.pause();
      channel.stderr.pause();
    });
  }
  channel.on("exit", (code: number | null, signal?: string) => {
    end = exitText(code, signal);
  });
  channel.on("error", () => {});
  channel.on("finish", () => {
    taken = true;
  });
  channel.on("close", () => done(end ?? (taken ? undefined : "EOF")));
  channel.end(stdin);
}

/**
 * Runs a command on a host: one login, which stays open until the plugin ends, and no time limit.
 * @returns what it printed
 * @throws when it fails, when it ended without having taken all of its stdin (`EOF`), or when the login fails
 */
export async function runRemote(run: RemoteRun, engine: Engine, urn: string): Promise<Captured> {
  const client = await dial(run.connection, engine, urn);
  const output = collector(run.logging, engine, urn);
  const failure = await new Promise<string | undefined>((done, fail) => {
    let fatal = "";
    askForVariables(
      client,
      (name) => {
        const required = run.variables.some((variable) => variable.name === name && variable.required);
        engine.log(required ? "error" : "warning", urn, refusedText(name));
        if (required) fatal ||= name;
        return required;
      },
      () => fail(new Error(`could not set environment variable ${goQuote(fatal)}: ssh: setenv failed`)),
    );
    const env = Object.fromEntries(run.variables.map(({ name, value }) => [name, value]));
    client.exec(run.command, { env, allowHalfOpen: true }, (error, channel) => {
      if (error === undefined) follow(channel, run.stdin ?? "", output, done);
      else done(`ssh: command ${run.command} failed`);
    });
  });
  output.finish();
  const captured = output.captured();
  if (failure !== undefined) {
    throw new Error(`${failure}: running ${goQuote(run.command)}:\n${captured.mixed.toString("utf8")}`);
  }
  return captured;
}
