import { DnsApiError, dnsApi } from "./dns-api.ts";
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
    question: "durée de vie d'un nom « proxied »",
    assumed: "1",
    ask: async ({ make }) => shown(await make({ ...address, name: "g", proxied: true }), "ttl"),
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
 * taken away at the end. One whose answer was lost, or whose removal is refused, stays until the next time.
 * @param accountId account in which the zone is looked for
 * @throws Refusal when the API can't be used, the zone isn't there, or holds records of anything else
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
    const records = await api.records(zone.id);
    const others = records.filter(({ name }) => name !== mine && !name.endsWith(`.${mine}`));
    if (others.length > 0) throw new Refusal(texts.doctor.inUse(zoneName, others.length));
    const remove = (id: string) => api.ask("DELETE", `/zones/${zone.id}/dns_records/${id}`);
    for (const { id } of records) await remove(id);
    const made: string[] = [];
    const patient: Patient = {
      read: async (path) => (await api.ask("GET", `/zones/${zone.id}${path}`)).result,
      make: async (record) => {
        const named = { ...record, name: `${String(record["name"])}.${mine}` };
        const { result, codes } = await api.ask("POST", `/zones/${zone.id}/dns_records`, named);
        if (typeof result["id"] === "string") made.push(result["id"]);
        return { record: codes.length === 0 ? result : undefined, codes };
      },
    };
    try {
      const findings: Finding[] = [];
      for (const { question, assumed, ask } of questions)
        findings.push({ question, assumed, answered: await ask(patient) });
      return findings;
    } finally {
      for (const id of made) await remove(id);
    }
  } catch (error) {
    if (error instanceof DnsApiError) throw new Refusal(texts.dns[error.kind](error.message));
    throw error;
  }
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
