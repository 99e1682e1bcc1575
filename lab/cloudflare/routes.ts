import { type Answer, type Call, paginate, refuse } from "./answers.ts";
import { changeDnssec, deleteDnssec, shownDnssec } from "./dnssec.ts";
import {
  batchRecords,
  changeRecord,
  createRecord,
  deleteRecord,
  getRecord,
  listRecords,
  type Maker,
  shownRecord,
} from "./records.ts";
import { changeSetting, getSetting, listSettings } from "./settings.ts";
import { dropZone, keepZone, type Store, type Zone } from "./store.ts";
import { zoneFile } from "./zonefile.ts";
import { activateZone, changeZone, createZone, listZones, shownZone } from "./zones.ts";

/** What a handler works on. */
export interface World {
  store: Store;
  maker: Maker;
  account: Zone["account"];
  /** id of the caller's token */
  token: string;
}

type ZoneHandler = (zone: Zone, call: Call, id: string, world: World) => Answer;

function authenticationError(): Error {
  return refuse(403, 10_000, "Authentication error");
}

function ownZone({ store, account }: World, id: string): Zone | undefined {
  const zone = store.zones.get(id);
  return zone?.account.id === account.id ? zone : undefined;
}

/** Reads what is below a zone: a zone that isn't there can't be told from one of somebody else. */
function below(handler: ZoneHandler) {
  return (world: World, call: Call, [zoneId = "", id = ""]: readonly string[]): Answer => {
    const zone = ownZone(world, zoneId);
    if (zone === undefined) throw authenticationError();
    return handler(zone, call, id, world);
  };
}

/** The same for changes: the zone is kept when the handler has not refused, and unchanged when it has. */
function changes(handler: ZoneHandler) {
  return below((zone, call, id, world) => {
    const copy = structuredClone(zone);
    const answer = handler(copy, call, id, world);
    keepZone(world.store, copy);
    return answer;
  });
}

function zoneOf(world: World, id: string | undefined): Zone {
  const zone = ownZone(world, id ?? "");
  if (zone === undefined) throw refuse(404, 1001, "Invalid zone identifier");
  return zone;
}

type Handler = (world: World, call: Call, ids: readonly string[]) => Answer;

const zoneHandlers: Readonly<Record<string, Handler>> = {
  "GET /zones": ({ store, account }, call) => listZones(store, call, account),
  "POST /zones": ({ store, account, maker }, { body }) => {
    const zone = createZone(store, body, account, maker);
    keepZone(store, zone);
    return { result: shownZone(zone) };
  },
  "GET /zones/*": (world, _, [id]) => ({ result: shownZone(zoneOf(world, id)) }),
  "PATCH /zones/*": (world, { body }, [id]) => {
    const zone = structuredClone(zoneOf(world, id));
    const answer = changeZone(zone, body, world.maker);
    keepZone(world.store, zone);
    return answer;
  },
  "DELETE /zones/*": (world, _, [id]) => {
    const zone = zoneOf(world, id);
    dropZone(world.store, zone.id);
    return { result: { id: zone.id } };
  },
  "PUT /zones/*/activation_check": changes((zone, _, __, { maker }) => activateZone(zone, maker)),
};

const record = (id: string, whole: boolean): ZoneHandler => {
  return (zone, { body }, _, { maker }) => ({ result: shownRecord(changeRecord(zone, id, body, whole, maker)) });
};

const childHandlers: Readonly<Record<string, Handler>> = {
  "GET /zones/*/dns_records": below(listRecords),
  "POST /zones/*/dns_records": changes((zone, { body }, _, { maker }) => ({
    result: shownRecord(createRecord(zone, body, maker)),
  })),
  "GET /zones/*/dns_records/export": below((zone, _, __, { store }) => ({ result: null, text: zoneFile(store, zone) })),
  "POST /zones/*/dns_records/batch": changes((zone, { body }, _, { maker }) => batchRecords(zone, body, maker)),
  "GET /zones/*/dns_records/*": below((zone, _, id) => getRecord(zone, id)),
  "PUT /zones/*/dns_records/*": changes((zone, call, id, world) => record(id, true)(zone, call, id, world)),
  "PATCH /zones/*/dns_records/*": changes((zone, call, id, world) => record(id, false)(zone, call, id, world)),
  "DELETE /zones/*/dns_records/*": changes((zone, _, id) => ({ result: deleteRecord(zone, id) })),
  "GET /zones/*/dnssec": below((zone) => ({ result: shownDnssec(zone) })),
  "PATCH /zones/*/dnssec": changes((zone, { body }, _, { maker }) => changeDnssec(zone, body, maker)),
  "DELETE /zones/*/dnssec": changes((zone) => deleteDnssec(zone)),
  "GET /zones/*/settings": below((zone) => listSettings(zone)),
  "GET /zones/*/settings/*": below((zone, _, id) => getSetting(zone, id)),
  "PATCH /zones/*/settings/*": changes((zone, { body }, id, { maker }) =>
    changeSetting(zone, id, body["value"], maker.now()),
  ),
};

const accountHandlers: Readonly<Record<string, Handler>> = {
  "GET /user/tokens/verify": ({ token }) => ({
    result: { id: token, status: "active" },
    messages: [{ code: 10_000, message: "This API Token is valid and active" }],
  }),
  "GET /accounts": ({ account }, { query }) => paginate([{ ...account, type: "standard" }], query, 20, 50),
  "GET /accounts/*": ({ account }, _, [id]) => {
    if (id !== account.id) throw authenticationError();
    return { result: { ...account, type: "standard" } };
  },
};

const handlers = Object.entries({ ...accountHandlers, ...zoneHandlers, ...childHandlers }).map(([route, handle]) => {
  const [method = "", path = ""] = route.split(" ");
  return { method, pattern: new RegExp(`^${path.replaceAll("*", "([^/]+)")}$`), handle };
});

/** The handler of a request with the ids in its path; undefined when the API has no such route. */
export function route(method: string, path: string): ((world: World, call: Call) => Answer) | undefined {
  for (const { method: wanted, pattern, handle } of handlers) {
    const ids = wanted === method ? pattern.exec(path)?.slice(1) : undefined;
    if (ids !== undefined) return (world, call) => handle(world, call, ids.map(decodeURIComponent));
  }
  return undefined;
}
