import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { InputError } from "../../src/cli/input-error.ts";
import type { DomainPlan, Host, MemberPlan } from "../../src/plan/types.ts";
import { declaredPlans } from "../declarations.ts";
import { hostList } from "../host-settings.ts";
import { projectName } from "../names.ts";
import { ownZone, readSettings, type StackSettings } from "../settings.ts";
import { today } from "../today.ts";
import { type Engine, engineOf, runMinutes } from "./engine.ts";
import { project, stackEnvironment } from "./environment.ts";
import { texts } from "./texts.ts";
import { type Wanted, wantedResources } from "./wanted.ts";

/** A run can't go on for a reason that its reader can act on; the message is theirs. */
export class Refusal extends InputError {
  constructor(message: string) {
    super([message]);
  }
}

/** What every run starts from: read and checked in well under a second, before anything is contacted. */
export interface Session {
  stack: string;
  env: NodeJS.ProcessEnv;
  settings: StackSettings;
  hosts: Host[];
  plans: MemberPlan[];
  /** The association's own zone, where it is this stack's. */
  own: DomainPlan | undefined;
  wanted: Wanted[];
  engine: Engine;
}

const StackFile = z.object({ config: z.record(z.string(), z.unknown()).default({}) });

/** Reads the stack's plain configuration and the members. @throws Refusal with all problems of all files */
export function openSession(stack: string, members: string | undefined): Session {
  const env = stackEnvironment(stack);
  const minutes = runMinutes(env["CASSIOPEA_RUN_LIMIT"]);
  if (minutes === undefined) throw new Refusal(texts.runLimit(env["CASSIOPEA_RUN_LIMIT"] ?? ""));
  const settings = plainSettings(stack);
  const hosts = hostList(settings.hosts);
  const folder = members ?? env["CASSIOPEA_MEMBERS"] ?? join(project, "members");
  const declared = declaredPlans(folder, hosts, { defaultHost: settings.defaultHost, today: today() });
  if (declared.problems.length > 0) {
    throw new Refusal([...declared.problems, "", texts.problems(declared.problems.length)].join("\n"));
  }
  const { plans } = declared;
  const own = ownZone(settings, hosts);
  return {
    stack,
    env,
    settings,
    hosts,
    plans,
    own,
    wanted: wantedResources(stack, hosts, plans, own),
    engine: engineOf(stack, env, minutes),
  };
}

/** Hosts of a stack and its default one, or why its configuration can't be read, in French. */
export function stackHosts(stack: string): { hosts: Host[]; defaultHost: string | undefined } | string {
  try {
    const { hosts, defaultHost } = plainSettings(stack);
    return { hosts: hostList(hosts), defaultHost };
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

function plainSettings(stack: string): StackSettings {
  const file = `Pulumi.${stack}.yaml`;
  const path = join(project, file);
  if (!/^[a-z][a-z0-9-]*$/.test(stack) || !existsSync(path)) throw new Refusal(texts.noSettings(file));
  const { config } = StackFile.parse(parse(readFileSync(path, "utf8")) ?? {});
  try {
    return readSettings((key) => config[`${projectName}:${key}`]);
  } catch (error) {
    throw new Refusal(`${file} : ${error instanceof Error ? error.message : String(error)}`);
  }
}

const Secrets = z.object({ dnsToken: z.string(), sqlPassword: z.string() });
export type Secrets = z.output<typeof Secrets>;

/** Has the engine decrypt the stack's secrets. @throws Refusal with the engine's text */
export async function readSecrets({ engine }: Session): Promise<Secrets> {
  const result = await engine.call(["config", "--show-secrets", "--json"]);
  if (result.code !== 0) throw new Refusal(texts.engineFailed(result.stderr.trim()));
  const values = z.record(z.string(), z.object({ value: z.string().optional() })).parse(JSON.parse(result.stdout));
  const own = Object.entries(values).map(([key, { value }]) => [key.replace(`${projectName}:`, ""), value]);
  const secrets = Secrets.safeParse(Object.fromEntries(own));
  if (!secrets.success) throw new Refusal(z.prettifyError(secrets.error));
  return secrets.data;
}

/** The Pulumi program of what a session read; the SDK is loaded when the engine runs it. */
export function stackProgram(
  { settings, hosts, plans, own }: Session,
  adopted: Readonly<Record<string, string>>,
): () => Promise<void> {
  return async () => (await import("../program.ts")).registerStack({ settings, hosts, plans, own, adopted });
}
