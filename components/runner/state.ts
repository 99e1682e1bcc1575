import type { Engine } from "./engine.ts";

/** One resource of a stack's state, as `pulumi stack export` gives it. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  custom?: boolean;
  protect?: boolean;
  parent?: string;
  provider?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[] | null>;
}

/** What `pulumi stack export` gives; everything else in it is passed on untouched. */
export interface StackState {
  version: number;
  deployment: { resources?: StateResource[]; pending_operations?: unknown[] };
}

/** The stack's state; undefined when there is no such stack. @throws Error with the engine's text */
export async function readState(engine: Engine): Promise<StackState | undefined> {
  const result = await engine.call(["stack", "export"]);
  if (result.code === 0) return JSON.parse(result.stdout) as StackState;
  if (/no stack named/.test(result.stderr)) return undefined;
  throw new Error(result.stderr.trim());
}

/** Resources by URN. */
export function byUrn(state: StackState | undefined): Map<string, StateResource> {
  return new Map((state?.deployment.resources ?? []).map((resource) => [resource.urn, resource]));
}

/** The state without some resources, and without mention of them where others waited for them. */
export function without(state: StackState, gone: ReadonlySet<string>): StackState {
  const keep = (urns: readonly string[] | null | undefined) => (urns ?? []).filter((urn) => !gone.has(urn));
  const resources = (state.deployment.resources ?? [])
    .filter((resource) => !gone.has(resource.urn))
    .map((resource) => ({
      ...resource,
      ...(resource.dependencies === undefined ? {} : { dependencies: keep(resource.dependencies) }),
      ...(resource.propertyDependencies === undefined
        ? {}
        : {
            propertyDependencies: Object.fromEntries(
              Object.entries(resource.propertyDependencies).map(([key, urns]) => [key, keep(urns)]),
            ),
          }),
    }));
  return { ...state, deployment: { ...state.deployment, resources } };
}

/** Replaces the stack's state. @throws Error with the engine's text */
export async function writeState(engine: Engine, state: StackState): Promise<void> {
  const result = await engine.call(["stack", "import"], JSON.stringify(state));
  if (result.code !== 0) throw new Error(result.stderr.trim());
}
