import { describe, expect, it } from "vitest";
import { goQuote } from "../../lab/plugins/command/output.ts";
import { checkInputs, missingOutputs, type Shape, shapes } from "../../lab/plugins/command/schema.ts";
import { detailedDiff } from "../../lab/plugins/diff.ts";
import { joinHostPort, splitHostPort } from "../../lab/plugins/net.ts";
import {
  assetSignature,
  fromStruct,
  hasUnknown,
  secret,
  signatureKey,
  toStruct,
  unknownValue,
  unwrapSecrets,
} from "../../lab/plugins/wire.ts";

const asset = (hash: string) => ({ [signatureKey]: assetSignature, hash, text: hash });

function shapeOf(type: string): Shape {
  const shape = shapes[type];
  if (shape === undefined) throw new Error(`no shape of ${type}`);
  return shape;
}

const remote = shapeOf("command:remote:Command");

describe("properties on the wire", () => {
  it("come back as they were, but for fields that are undefined", () => {
    const properties = { text: "é", number: 1.5, flag: false, none: null, list: [1, { a: "b" }], gone: undefined };
    const { gone: _gone, ...kept } = properties;
    expect(fromStruct(toStruct(properties))).toEqual(kept);
  });

  it("lose their secret wrappers at every depth", () => {
    expect(unwrapSecrets({ a: secret({ b: [secret("c")] }), d: 1 })).toEqual({ a: { b: ["c"] }, d: 1 });
    expect(secret(secret("once"))).toEqual(secret("once"));
  });

  it("show an unknown at every depth", () => {
    expect(hasUnknown({ a: [secret({ b: unknownValue })] })).toBe(true);
    expect(hasUnknown({ a: ["known"] })).toBe(false);
  });
});

describe("a detailed diff", () => {
  it("names what changed by its path", () => {
    const before = { list: ["a", "b"], map: { LC_A: "1", "odd.key": "1" }, gone: "x", same: 1 };
    const after = { list: ["a", "c", "d"], map: { LC_A: "2", "odd.key": "2" }, fresh: true, same: 1 };
    expect(detailedDiff(before, after)).toEqual({
      changes: "DIFF_SOME",
      diffs: ["list", "map", "fresh", "gone"],
      detailedDiff: {
        "list[1]": { kind: "UPDATE" },
        "list[2]": { kind: "ADD" },
        "map.LC_A": { kind: "UPDATE" },
        'map["odd.key"]': { kind: "UPDATE" },
        fresh: { kind: "ADD" },
        gone: { kind: "DELETE" },
      },
      hasDetailedDiff: true,
    });
  });

  it("takes a secret as a whole, and an asset by its hash", () => {
    const diff = detailedDiff(
      { c: secret({ a: 1 }), s: asset("1") },
      { c: secret({ a: 2 }), s: { ...asset("1"), text: "other" } },
    );
    expect(diff.detailedDiff).toEqual({ c: { kind: "UPDATE" } });
    expect(detailedDiff({ s: asset("1") }, { s: asset("2") }).diffs).toEqual(["s"]);
    expect(detailedDiff({ a: 1 }, { a: 1 })).toEqual({ changes: "DIFF_NONE", hasDetailedDiff: true });
  });
});

describe("the inputs of a remote command", () => {
  it("get the connection's defaults, and secrets for it and its key", () => {
    const { inputs, failures } = checkInputs(remote, { connection: { host: "h", privateKey: "k" }, create: "true" });
    expect(failures).toEqual([]);
    const connection = {
      host: "h",
      privateKey: secret("k"),
      user: "root",
      port: 22,
      dialErrorLimit: 10,
      perDialTimeout: 15,
    };
    expect(inputs).toEqual({ connection: secret(connection), create: "true" });
  });

  it.each([
    [
      { connection: { host: "h" }, create: 5 },
      "create",
      "Field 'create' on 'remote.CommandInputs' must be a 'string'; got 'float64' instead",
    ],
    [{ create: "true" }, "connection", "Missing required field 'connection' on 'remote.CommandInputs'"],
  ])("are refused when wrong: %j", (news, property, reason) => {
    expect(checkInputs(remote, news).failures).toEqual([{ property, reason }]);
  });

  it("may be unknown", () => {
    expect(checkInputs(remote, { connection: unknownValue, stdin: unknownValue }).failures).toEqual([]);
  });

  it("say which outputs an import lacks", () => {
    expect(missingOutputs(remote, { connection: {} }, ["stdout"])?.message).toBe(
      "1 failures decoding:\n\tstdout: Missing required field 'stdout' on 'remote.CommandOutputs'",
    );
    expect(missingOutputs(remote, { connection: {}, stdout: "" }, ["stdout"])).toBeUndefined();
  });
});

describe("texts in Go's form", () => {
  it.each([
    ['echo "a\\b"\n\t$X', '"echo \\"a\\\\b\\"\\n\\t$X"'],
    ["é 日本 \u0001\u007f", '"é 日本 \\x01\\x7f"'],
    ["no\u00a0break", '"no\\u00a0break"'],
  ])("quote %j", (text, quoted) => {
    expect(goQuote(text)).toBe(quoted);
  });

  it.each([
    ["web1.example.org:3307", { host: "web1.example.org", port: 3307 }],
    ["10.0.0.1", { host: "10.0.0.1", port: 3306 }],
    ["[2001:db8::1]:3307", { host: "2001:db8::1", port: 3307 }],
  ])("split the endpoint %s", (endpoint, parts) => {
    expect(splitHostPort(endpoint, 3306)).toEqual(parts);
    expect(splitHostPort(joinHostPort(parts.host, parts.port), 0)).toEqual(parts);
  });
});
