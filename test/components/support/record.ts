import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";

/** One registration as the engine would get it. */
export interface Registration {
  type: string;
  name: string;
  parent: string;
  protect: boolean;
  retain: boolean;
  importId: string;
  provider: string;
  dependencies: string[];
  inputs: Record<string, unknown>;
}

/** Key of the SDK's secret wrapping on the wire. */
const secretKey = "4dabf18193072939515e22adb298388d";

/** Runs a program under mocks and gives what it registered, secrets still wrapped. */
export async function record(
  stdout: (name: string) => string,
  program: () => Promise<void> | void,
): Promise<Registration[]> {
  const seen: Registration[] = [];
  // oxlint-disable-next-line typescript/unbound-method -- called below with the monitor it belongs to
  const register = MockMonitor.prototype.registerResource;
  MockMonitor.prototype.registerResource = function registerResource(request, done) {
    seen.push({
      type: request.getType(),
      name: request.getName(),
      parent: request.getParent(),
      protect: request.getProtect(),
      retain: request.getRetainondelete(),
      importId: request.getImportid(),
      provider: request.getProvider(),
      dependencies: request.getDependenciesList(),
      inputs: (request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
    });
    return register.call(this, request, done);
  };
  try {
    await pulumi.runtime.setMocks(
      {
        newResource: ({ name, inputs, type }) => ({
          id: `${name}-id`,
          state: type === "command:remote:Command" ? { ...inputs, stdout: stdout(name), stderr: "" } : inputs,
        }),
        call: () => ({}),
      },
      "cassiopea",
      "test",
      false,
    );
    await pulumi.runtime.runInPulumiStack(async () => {
      await program();
      return {};
    });
    await pulumi.runtime.disconnect();
  } finally {
    MockMonitor.prototype.registerResource = register;
  }
  return seen.sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));
}

/** All strings of a value that are not inside a secret. */
export function plainStrings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  if (secretKey in value) return [];
  return Object.values(value).flatMap(plainStrings);
}
