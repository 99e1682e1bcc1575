import { isIPv4, isIPv6 } from "node:net";

type Data = Record<string, unknown>;

/** Record types of the API, and the fields of `data` in the order of the content. */
export const dataFields: Readonly<Record<string, readonly string[]>> = {
  CAA: ["flags", "tag", "value"],
  CERT: ["type", "key_tag", "algorithm", "certificate"],
  DNSKEY: ["flags", "protocol", "algorithm", "public_key"],
  DS: ["key_tag", "algorithm", "digest_type", "digest"],
  HTTPS: ["priority", "target", "value"],
  LOC: [
    "lat_degrees",
    "lat_minutes",
    "lat_seconds",
    "lat_direction",
    "long_degrees",
    "long_minutes",
    "long_seconds",
    "long_direction",
    "altitude",
    "size",
    "precision_horz",
    "precision_vert",
  ],
  NAPTR: ["order", "preference", "flags", "service", "regex", "replacement"],
  SMIMEA: ["usage", "selector", "matching_type", "certificate"],
  SRV: ["weight", "port", "target"],
  SSHFP: ["algorithm", "type", "fingerprint"],
  SVCB: ["priority", "target", "value"],
  TLSA: ["usage", "selector", "matching_type", "certificate"],
  URI: ["weight", "target"],
};

export const plainTypes = ["A", "AAAA", "CNAME", "MX", "NS", "OPENPGPKEY", "PTR", "TXT"] as const;
export const proxiable = new Set(["A", "AAAA", "CNAME"]);

const quotedFields: Readonly<Record<string, readonly string[]>> = {
  CAA: ["value"],
  URI: ["target"],
  NAPTR: ["flags", "service", "regex"],
};
const textFields = new Set([
  "tag",
  "value",
  "target",
  "certificate",
  "public_key",
  "digest",
  "fingerprint",
  "service",
  "regex",
  "replacement",
  "lat_direction",
  "long_direction",
]);

/** True for a name that can be a target: labels of letters, digits, `-` and `_`, at most 253 characters. */
export function isHostname(name: string): boolean {
  return name.length <= 253 && name.split(".").every((label) => /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/.test(label));
}

/** A target in lower case without a final dot; the root stays `.`. */
function target(text: string): string {
  return text === "." ? text : text.toLowerCase().replace(/\.$/, "");
}

/** The strings of a TXT content: quoted ones, or the whole text as one when it has no quotes. */
export function txtStrings(content: string): string[] {
  const trimmed = content.trim();
  if (!/^"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*$/s.test(trimmed)) return [trimmed];
  return [...trimmed.matchAll(/"(?<text>(?:[^"\\]|\\.)*)"/gs)].map(({ groups }) =>
    (groups?.["text"] ?? "").replace(/\\(?<code>\d{3}|.)/gs, (_, code: string) =>
      code.length === 3 ? String.fromCharCode(Number(code)) : code,
    ),
  );
}

/** Parts of at most 255 bytes, the longest that one string of a TXT record can hold; characters stay whole. */
export function txtParts(text: string): string[] {
  const parts = [""];
  for (const character of text) {
    const last = parts.at(-1) ?? "";
    if (Buffer.byteLength(last + character) <= 255) parts[parts.length - 1] = last + character;
    else parts.push(character);
  }
  return parts;
}

/** A text in the quotes of the master file format. */
export function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

function txt(content: string, quotes: boolean): string {
  if (!content.trim().startsWith('"')) return quotes ? txtParts(content).map(quote).join(" ") : content;
  const strings = txtStrings(content);
  if (strings.every((text) => Buffer.byteLength(text) <= 255)) return content;
  return strings.flatMap(txtParts).map(quote).join(" ");
}

/**
 * Content in the form that the API answers, or the refusal's code and text.
 * Codes other than 9005 for A are assumed from the documentation of the service.
 */
export function canonical(
  type: string,
  content: string,
  txtQuotes: boolean,
): string | { code: number; message: string } {
  if (type === "A") {
    return isIPv4(content) ? content : { code: 9005, message: "Content for A record must be a valid IPv4 address." };
  }
  if (type === "AAAA") {
    if (!isIPv6(content) || content.includes("%")) {
      return { code: 9006, message: "Content for AAAA record must be a valid IPv6 address." };
    }
    return new URL(`http://[${content}]`).hostname.slice(1, -1);
  }
  if (type === "TXT") {
    if (content === "") return { code: 9010, message: "Content for TXT record must not be empty." };
    if (Buffer.byteLength(content) > 4096) return { code: 9010, message: "Content for TXT record is too long." };
    return txt(content, txtQuotes);
  }
  if (["CNAME", "MX", "NS", "PTR"].includes(type)) {
    const name = target(content);
    if (isHostname(name) || (name === "." && type === "MX")) return name;
    return { code: 9007, message: `Content for ${type} record is invalid.` };
  }
  return content === "" ? { code: 9007, message: `Content for ${type} record is invalid.` } : content;
}

/** Content of a record that is written as `data`: the fields in the order of the type. */
export function contentOfData(type: string, data: Data): string {
  return (dataFields[type] ?? [])
    .map((field) => {
      const value = data[field] ?? "";
      const text = typeof value === "string" ? value : JSON.stringify(value);
      return quotedFields[type]?.includes(field) === true ? quote(text) : text;
    })
    .join(" ")
    .trim();
}

/** `data` of a record that was written as content; undefined when the content hasn't the type's fields. */
export function dataOfContent(type: string, content: string): Data | undefined {
  const fields = dataFields[type];
  if (fields === undefined || type === "LOC") return undefined;
  const words = content.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  const rest = words.slice(fields.length - 1).join(" ");
  const parts = [...words.slice(0, fields.length - 1), ...(rest === "" ? [] : [rest])];
  if (parts.length < fields.length && !["HTTPS", "SVCB"].includes(type)) return undefined;
  const data: Data = {};
  for (const [index, field] of fields.entries()) {
    const part = parts[index] ?? "";
    const quoted = quotedFields[type]?.includes(field) === true;
    if (textFields.has(field)) data[field] = quoted ? txtStrings(part).join("") : part;
    else if (quoted) data[field] = txtStrings(part).join("");
    else if (/^\d+$/.test(part)) data[field] = Number(part);
    else return undefined;
  }
  return data;
}

/** The same data with numbers for numbers that were given as text, and targets in their canonical form. */
export function canonicalData(type: string, data: Data): Data {
  return Object.fromEntries(
    Object.entries(data).map(([field, value]) => {
      if (field === "target" && typeof value === "string" && type !== "URI") return [field, target(value)];
      const number = typeof value === "string" && /^\d+$/.test(value) && !textFields.has(field);
      return [field, number && type !== "NAPTR" ? Number(value) : value];
    }),
  );
}
