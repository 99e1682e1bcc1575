import { hasUnknown, isObject, type Properties, unknownValue } from "../wire.ts";

type Failures = { reason: string }[];

const recordTypes =
  "A AAAA CNAME MX NS OPENPGPKEY PTR TXT CAA CERT DNSKEY DS HTTPS LOC NAPTR SMIMEA SRV SSHFP SVCB TLSA URI".split(" ");

function known(value: unknown): boolean {
  return value !== undefined && value !== null && value !== unknownValue;
}

function oneOf(failures: Failures, where: string, name: string, value: unknown, allowed: readonly string[]): void {
  if (typeof value !== "string" || !known(value)) return;
  const exact = name !== "type" || !allowed.includes("A");
  if (allowed.includes(exact ? value : value.toUpperCase())) return;
  const list = allowed.map((one) => `"${one}"`).join(" ");
  const reason = `Attribute ${name} value must be one of: [${list}], got: "${value}"`;
  failures.push({ reason: `Invalid Attribute Value Match. ${reason}. Examine values at '${where}.${name}'.` });
}

function between(failures: Failures, where: string, name: string, value: unknown, least: number, most: number): void {
  if (typeof value !== "number" || (value >= least && value <= most)) return;
  const reason = `Attribute ${name} value must be between ${least.toFixed(6)} and ${most.toFixed(6)}`;
  const got = `got: ${value.toFixed(6)}`;
  failures.push({ reason: `Invalid Attribute Value. ${reason}, ${got}. Examine values at '${where}.${name}'.` });
}

/** Failures of a record's inputs; `where` is the resource's logical name. */
function record(where: string, inputs: Properties): Failures {
  const failures: Failures = [];
  oneOf(failures, where, "type", inputs["type"], recordTypes);
  const { content, data } = inputs;
  if (known(content) && known(data)) {
    for (const [mine, other] of [
      ["content", "data"],
      ["data", "content"],
    ]) {
      const reason = `Attribute "${other}" cannot be specified when "${mine}" is specified`;
      failures.push({ reason: `Invalid Attribute Combination. ${reason}. Examine values at '${where}.${mine}'.` });
    }
  }
  between(failures, where, "priority", inputs["priority"], 0, 65_535);
  if (isObject(data) && known(data["flags"]) && !["number", "string"].includes(typeof data["flags"])) {
    const types = "basetypes.Float64Type, basetypes.StringType. Received: basetypes.BoolType";
    const reason = `Value is not one of the allowed types. The following types are allowed: ${types}`;
    failures.push({ reason: `${reason}. Examine values at '${where}.data.flags'.` });
  }
  return failures;
}

function zone(where: string, inputs: Properties): Failures {
  const failures: Failures = [];
  oneOf(failures, where, "type", inputs["type"], ["full", "partial", "secondary", "internal"]);
  return failures;
}

function dnssec(where: string, inputs: Properties): Failures {
  const failures: Failures = [];
  oneOf(failures, where, "status", inputs["status"], ["active", "disabled"]);
  return failures;
}

export const checks = { record, zone, dnssec, setting: (): Failures => [] };

/** Failures of the provider's own inputs: a token's form, and what must be given together. */
export function checkProvider(where: string, inputs: Properties): Failures {
  const failures: Failures = [];
  const { apiToken, apiKey, email } = inputs;
  const refuse = (kind: string, reason: string, property: string) =>
    failures.push({
      reason: `could not validate provider configuration: ${kind}. ${reason}. Examine values at '${where}.${property}'.`,
    });
  if (typeof apiToken === "string" && !hasUnknown(apiToken) && !/^[0-9A-Za-z\-_]{40,80}$/.test(apiToken)) {
    const form = "API tokens must only contain characters a-z, A-Z, 0-9, hyphens and underscores";
    refuse("Invalid Attribute Value", `Attribute api_token ${form}`, "apiToken");
  }
  if (known(apiKey) && !known(email) && process.env["CLOUDFLARE_EMAIL"] === undefined) {
    refuse(
      "Invalid Attribute Combination",
      'Attribute "email" must be specified when "api_key" is specified',
      "apiKey",
    );
  }
  return failures;
}
