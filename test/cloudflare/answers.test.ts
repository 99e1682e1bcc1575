import type Cloudflare from "cloudflare";
import { expect, it } from "vitest";
import type { Answered } from "../../lab/cloudflare/answers.ts";
import type { ShownZone } from "../../lab/cloudflare/zones.ts";

// The compiler checks this file: an error that no longer comes is an unused `@ts-expect-error`, which is an error itself.
const now = "2026-01-01T00:00:00.000000Z";
const common = { id: "1", name: "a.be", ttl: 300, meta: {}, proxiable: false, created_on: now } as const;
const stamped = { ...common, modified_on: now };

const mx = (record: Answered<Cloudflare.DNS.RecordResponse.MXRecord, "comment">) => record;
const caa = (record: Answered<Cloudflare.DNS.RecordResponse.CAARecord, "comment">) => record;
const setting = (value: Answered<Cloudflare.Zones.Settings.SettingGetResponse>) => value;
const dnssec = (value: Answered<Cloudflare.DNS.DNSSEC>) => value;
const owner = (value: ShownZone["owner"]) => value;

it("an answer that differs from the client's type fails the type check", () => {
  const sound = [
    mx({ ...stamped, type: "MX", content: "mx.be", priority: 10, comment: null }),
    caa({ ...stamped, type: "CAA", data: { flags: 0, tag: "issue", value: "x.be" } }),
    setting({ id: "ssl", value: "strict", editable: true, modified_on: null }),
    dnssec({ status: "active", key_tag: null }),
    owner({ id: null, type: "user" }),
  ];
  const wrong = [
    // @ts-expect-error a field that is missing
    mx({ ...common, type: "MX", content: "mx.be", priority: 10 }),
    // @ts-expect-error a field of another type
    mx({ ...stamped, type: "MX", content: "mx.be", priority: "10" }),
    // @ts-expect-error null in a field that isn't named
    mx({ ...stamped, type: "MX", content: null, priority: 10 }),
    // @ts-expect-error a record of another type
    mx({ ...stamped, type: "A", content: "192.0.2.1" }),
    // @ts-expect-error a field of another type, below
    caa({ ...stamped, type: "CAA", data: { flags: 0, tag: 1, value: "x.be" } }),
    // @ts-expect-error a value that the setting hasn't
    setting({ id: "ssl", value: "perhaps", editable: true, modified_on: null }),
    // @ts-expect-error a field of another type
    dnssec({ status: 1 }),
    // @ts-expect-error null in a field that isn't named, beside one that is
    owner({ id: null, type: null }),
  ];
  expect([sound.length, wrong.length]).toEqual([5, 8]);
});
