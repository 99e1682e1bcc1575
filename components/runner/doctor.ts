import { type DnsApi, DnsApiError, dnsApi, type ListedRecord } from "./dns-api.ts";
import { Refusal } from "./session.ts";
import { texts } from "./texts.ts";

/** What was answered to one question that no emulator can settle. */
export interface Finding {
  question: string;
  /** What the program and its tests take for true. */
  assumed: string;
  answered: string;
}

/** The API as a question sees it. */
interface Patient {
  /** Asks for a record below the doctor's own name; gives what was answered. */
  make: (record: Record<string, unknown>) => Promise<Made>;
  read: (path: string) => Promise<Record<string, unknown>>;
}

interface Made {
  record: Record<string, unknown> | undefined;
  /** The codes of a refusal. */
  codes: number[];
}

interface Question {
  question: string;
  assumed: string;
  ask: (patient: Patient) => Promise<string>;
}

const own = "_cassiopea-doctor";
const address = { type: "A", content: "192.0.2.1", ttl: 300 };
const shown = ({ record, codes }: Made, ...fields: string[]) =>
  record === undefined
    ? `refus ${codes.join(", ")}`
    : fields.map((field) => JSON.stringify(record[field] ?? null)).join(" ");

/** What the emulator of the lab answers by assumption, as questions to the service itself. */
const questions: readonly Question[] = [
  {
    question: "TXT sans guillemets",
    assumed: '"v=essai"',
    ask: async ({ make }) => shown(await make({ type: "TXT", name: "a", content: "v=essai", ttl: 300 }), "content"),
  },
  {
    question: "TXT de 300 caractères : découpé à 255",
    assumed: JSON.stringify(`"${"x".repeat(255)}" "${"x".repeat(45)}"`),
    ask: async ({ make }) =>
      shown(await make({ type: "TXT", name: "b", content: `"${"x".repeat(300)}"`, ttl: 300 }), "content"),
  },
  {
    question: "cible de MX en majuscules, avec point final",
    assumed: '"mx.example.org" 10',
    ask: async ({ make }) =>
      shown(
        await make({ type: "MX", name: "c", content: "MX.Example.org.", priority: 10, ttl: 300 }),
        "content",
        "priority",
      ),
  },
  {
    question: "adresse IPv6 écrite en entier",
    assumed: '"2001:db8::1"',
    ask: async ({ make }) =>
      shown(await make({ type: "AAAA", name: "d", content: "2001:0DB8:0:0:0:0:0:1", ttl: 300 }), "content"),
  },
  {
    question: "SRV : contenu et priorité",
    assumed: '"1 993 mx.example.org" 0',
    ask: async ({ make }) => {
      const data = { priority: 0, weight: 1, port: 993, target: "mx.example.org" };
      return shown(await make({ type: "SRV", name: "_imaps._tcp.e", data, ttl: 300 }), "content", "priority");
    },
  },
  {
    question: "CAA : contenu",
    assumed: '"0 issue \\"letsencrypt.org\\""',
    ask: async ({ make }) => {
      const data = { flags: 0, tag: "issue", value: "letsencrypt.org" };
      return shown(await make({ type: "CAA", name: "f", data, ttl: 300 }), "content");
    },
  },
  {
    question: "un nom « proxied » et sa durée de vie",
    assumed: "true 1",
    ask: async ({ make }) => shown(await make({ ...address, name: "g", proxied: true }), "proxied", "ttl"),
  },
  {
    question: "durées de vie acceptées : 60, pas 10",
    assumed: "60 refus 9021",
    ask: async ({ make }) => {
      const least = await make({ ...address, name: "h", ttl: 60 });
      return `${shown(least, "ttl")} ${shown(await make({ ...address, name: "i", ttl: 10 }), "ttl")}`;
    },
  },
  {
    question: "le même enregistrement deux fois",
    assumed: "refus 81058",
    ask: async ({ make }) => {
      await make({ ...address, name: "j" });
      return shown(await make({ ...address, name: "j" }), "content");
    },
  },
  {
    question: "un CNAME à côté d'une adresse",
    assumed: "refus 81053",
    ask: async ({ make }) => {
      await make({ ...address, name: "k" });
      return shown(await make({ type: "CNAME", name: "k", content: "example.org", ttl: 300 }), "content");
    },
  },
  {
    question: "un TXT à côté d'un CNAME",
    assumed: "refus 81054",
    ask: async ({ make }) => {
      await make({ type: "CNAME", name: "l", content: "example.org", ttl: 300 });
      return shown(await make({ type: "TXT", name: "l", content: '"x"', ttl: 300 }), "content");
    },
  },
  {
    question: "commentaire vide",
    assumed: "null",
    ask: async ({ make }) => shown(await make({ ...address, name: "m", comment: "" }), "comment"),
  },
  {
    question: "commentaire de 100 caractères, pas de 101",
    assumed: `${JSON.stringify("x".repeat(100))} refus 9313`,
    ask: async ({ make }) => {
      const longest = await make({ ...address, name: "n", comment: "x".repeat(100) });
      return `${shown(longest, "comment")} ${shown(await make({ ...address, name: "o", comment: "x".repeat(101) }), "comment")}`;
    },
  },
  {
    question: "nom en majuscules, nom accentué",
    assumed: "haut xn--t-9fab",
    ask: async ({ make }) => {
      const first = ({ record, codes }: Made) =>
        record === undefined ? `refus ${codes.join(", ")}` : (String(record["name"]).split(".")[0] ?? "");
      return `${first(await make({ ...address, name: "HAUT" }))} ${first(await make({ ...address, name: "été" }))}`;
    },
  },
  {
    question: "DNSSEC : les trois choix qui ne sont pas faits",
    assumed: "false false false",
    ask: async ({ read }) => {
      const answer = await read("/dnssec");
      return ["dnssec_multi_signer", "dnssec_presigned", "dnssec_use_nsec3"]
        .map((key) => String(answer[key]))
        .join(" ");
    },
  },
  {
    question: "réglages d'une zone neuve : ssl, always_use_https, min_tls_version",
    assumed: "full off 1.0",
    ask: async ({ read }) => {
      const ids = ["ssl", "always_use_https", "min_tls_version"];
      const answers = await Promise.all(ids.map((id) => read(`/settings/${id}`)));
      return answers.map(({ value }) => String(value)).join(" ");
    },
  },
];

/**
 * Puts to the real API the questions that an emulator can't settle. Records are made below `_cassiopea-doctor` only, and
 * taken away again, also those of a call whose answer was lost.
 * @param accountId account in which the zone is looked for
 * @throws Refusal when the API can't be used, the zone isn't there or holds records of anything else, or records can't be
 * taken away
 */
export async function examine(
  token: string,
  accountId: string,
  zoneName: string,
  baseUrl?: string,
): Promise<Finding[]> {
  const api = dnsApi(token, baseUrl);
  try {
    await api.verify();
    const zone = (await api.zones(accountId)).find(({ name }) => name === zoneName);
    if (zone === undefined) throw new Refusal(texts.doctor.noZone(zoneName));
    const mine = `${own}.${zoneName}`;
    const isMine = ({ name }: { name: string }) => name === mine || name.endsWith(`.${mine}`);
    const others = (await api.records(zone.id)).filter((record) => !isMine(record));
    if (others.length > 0) throw new Refusal(texts.doctor.inUse(zoneName, others.length));
    await clear(api, zone.id, zoneName, isMine);
    const patient: Patient = {
      read: async (path) => (await api.ask("GET", `/zones/${zone.id}${path}`)).result,
      make: async (record) => {
        const named = { ...record, name: `${String(record["name"])}.${mine}` };
        const { result, codes } = await api.ask("POST", `/zones/${zone.id}/dns_records`, named);
        return { record: codes.length === 0 ? result : undefined, codes };
      },
    };
    try {
      const findings: Finding[] = [];
      for (const { question, assumed, ask } of questions)
        findings.push({ question, assumed, answered: await ask(patient) });
      return findings;
    } finally {
      await clear(api, zone.id, zoneName, isMine);
    }
  } catch (error) {
    if (error instanceof DnsApiError) throw new Refusal(texts.dns[error.kind](error.message));
    throw error;
  }
}

/**
 * Takes away what is below the doctor's own name, as the zone lists it: an answer that was lost may have left a record too.
 * @throws Refusal naming what stays after a second try
 */
async function clear(
  api: DnsApi,
  zoneId: string,
  zoneName: string,
  isMine: (record: ListedRecord) => boolean,
): Promise<void> {
  const listed = async () => (await api.records(zoneId)).filter(isMine);
  let said = "";
  let left = await listed();
  for (let tries = 0; left.length > 0 && tries < 2; tries += 1) {
    for (const { id } of left) {
      try {
        await api.ask("DELETE", `/zones/${zoneId}/dns_records/${id}`);
      } catch (error) {
        if (!(error instanceof DnsApiError)) throw error;
        said = error.message;
      }
    }
    left = await listed();
  }
  const stay = left.map(({ name, type }) => `${name} ${type}`);
  if (stay.length > 0) throw new Refusal(texts.doctor.left(zoneName, stay, said));
}

/** The findings as a table, those that differ with both answers. */
export function findingsText(findings: readonly Finding[]): string {
  const lines = findings.map(({ question, assumed, answered }) =>
    assumed === answered
      ? `✔ ${question}`
      : `✘ ${question}\n    supposé : ${shorten(assumed)}\n    répondu : ${shorten(answered)}`,
  );
  const different = findings.filter(({ assumed, answered }) => assumed !== answered).length;
  return `${[...lines, "", texts.doctor.total(findings.length, different)].join("\n")}\n`;
}

function shorten(text: string): string {
  return text.length > 160 ? `${text.slice(0, 120)} … ${text.slice(-30)}` : text;
}
