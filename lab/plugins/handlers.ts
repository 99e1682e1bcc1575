import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import type {
  CheckRequest as CheckMessage,
  ConfigureRequest as ConfigureMessage,
  CreateRequest as CreateMessage,
  DeleteRequest as DeleteMessage,
  DiffRequest as DiffMessage,
  InvokeRequest as InvokeMessage,
  ReadRequest as ReadMessage,
  UpdateRequest as UpdateMessage,
} from "@pulumi/pulumi/proto/provider_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import type { Message } from "google-protobuf";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import type { CheckAnswer, CheckRequest, DiffAnswer, DiffRequest, Provider, Target } from "./protocol.ts";
import { fromStruct, toStruct } from "./wire.ts";

type Handler = (request: Message) => Promise<Message>;

const autonamingModes = ["propose", "enforce", "disable"] as const;

function target(message: { getUrn(): string; getName(): string; getType(): string }): Target {
  const urn = message.getUrn();
  const [, , types = "", ...name] = urn.split("::");
  return {
    urn,
    name: message.getName() || name.join("::"),
    type: message.getType() || (types.split("$").at(-1) ?? ""),
  };
}

function checkRequest(message: CheckMessage): CheckRequest {
  const autonaming = message.getAutonaming();
  return {
    ...target(message),
    olds: fromStruct(message.getOlds()),
    news: fromStruct(message.getNews()),
    randomSeed: message.getRandomseed_asU8(),
    autonaming:
      autonaming === undefined
        ? undefined
        : { proposedName: autonaming.getProposedName(), mode: autonamingModes[autonaming.getMode()] ?? "propose" },
  };
}

function diffRequest(message: DiffMessage): DiffRequest {
  return {
    ...target(message),
    id: message.getId(),
    olds: fromStruct(message.getOlds()),
    news: fromStruct(message.getNews()),
    oldInputs: fromStruct(message.getOldInputs()),
    ignoreChanges: message.getIgnorechangesList(),
  };
}

function failures(list: CheckAnswer["failures"] = []) {
  return list.map(({ property = "", reason }) => {
    const failure = new pb.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    return failure;
  });
}

function checkResponse(answer: CheckAnswer) {
  const response = new pb.CheckResponse();
  if (answer.inputs !== undefined) response.setInputs(toStruct(answer.inputs));
  response.setFailuresList(failures(answer.failures));
  return response;
}

function diffResponse(answer: DiffAnswer) {
  const response = new pb.DiffResponse();
  response.setChanges(pb.DiffResponse.DiffChanges[answer.changes ?? "DIFF_UNKNOWN"]);
  response.setReplacesList([...(answer.replaces ?? [])]);
  response.setStablesList([...(answer.stables ?? [])]);
  response.setDiffsList([...(answer.diffs ?? [])]);
  response.setDeletebeforereplace(answer.deleteBeforeReplace ?? false);
  response.setHasdetaileddiff(answer.hasDetailedDiff ?? false);
  for (const [path, { kind, inputDiff = false }] of Object.entries(answer.detailedDiff ?? {})) {
    const entry = new pb.PropertyDiff();
    entry.setKind(pb.PropertyDiff.Kind[kind]);
    entry.setInputdiff(inputDiff);
    response.getDetaileddiffMap().set(path, entry);
  }
  return response;
}

async function configure(provider: Provider, message: ConfigureMessage) {
  const variables = Object.fromEntries(message.getVariablesMap().toArray());
  const answer = await provider.configure({ args: fromStruct(message.getArgs()), variables });
  const response = new pb.ConfigureResponse();
  response.setAcceptsecrets(answer.acceptSecrets ?? false);
  response.setSupportspreview(answer.supportsPreview ?? false);
  response.setAcceptresources(answer.acceptResources ?? false);
  response.setAcceptoutputs(answer.acceptOutputs ?? false);
  response.setSupportsAutonamingConfiguration(answer.supportsAutonamingConfiguration ?? false);
  return response;
}

async function create(provider: Provider, message: CreateMessage) {
  const { id, properties } = await provider.create({
    ...target(message),
    properties: fromStruct(message.getProperties()),
    preview: message.getPreview(),
    timeoutSeconds: message.getTimeout(),
  });
  const response = new pb.CreateResponse();
  response.setId(id);
  response.setProperties(toStruct(properties));
  return response;
}

async function read(provider: Provider, message: ReadMessage) {
  const answer = await provider.read({
    ...target(message),
    id: message.getId(),
    properties: fromStruct(message.getProperties()),
    inputs: fromStruct(message.getInputs()),
  });
  const response = new pb.ReadResponse();
  response.setId(answer.id ?? "");
  if (answer.properties !== undefined) response.setProperties(toStruct(answer.properties));
  if (answer.inputs !== undefined) response.setInputs(toStruct(answer.inputs));
  return response;
}

async function update(provider: Provider, message: UpdateMessage) {
  const { properties } = await provider.update({
    ...target(message),
    id: message.getId(),
    olds: fromStruct(message.getOlds()),
    news: fromStruct(message.getNews()),
    oldInputs: fromStruct(message.getOldInputs()),
    ignoreChanges: message.getIgnorechangesList(),
    preview: message.getPreview(),
    timeoutSeconds: message.getTimeout(),
  });
  const response = new pb.UpdateResponse();
  response.setProperties(toStruct(properties));
  return response;
}

async function invoke(provider: Provider, message: InvokeMessage) {
  const answer = await provider.invoke?.({ token: message.getTok(), args: fromStruct(message.getArgs()) });
  const response = new pb.InvokeResponse();
  if (answer?.result !== undefined) response.setReturn(toStruct(answer.result));
  response.setFailuresList(failures(answer?.failures));
  return response;
}

/** The provider's methods under the names of the gRPC service; what it does not have is left out. */
export function handlers(provider: Provider): Record<string, Handler> {
  const all: Record<string, ((request: never) => Promise<Message>) | undefined> = {
    getPluginInfo: async () => {
      const info = new pluginPb.PluginInfo();
      info.setVersion(provider.version);
      return info;
    },
    checkConfig:
      provider.checkConfig === undefined
        ? undefined
        : async (request: CheckMessage) => checkResponse((await provider.checkConfig?.(checkRequest(request))) ?? {}),
    diffConfig:
      provider.diffConfig === undefined
        ? undefined
        : async (request: DiffMessage) => diffResponse((await provider.diffConfig?.(diffRequest(request))) ?? {}),
    configure: (request: ConfigureMessage) => configure(provider, request),
    check: async (request: CheckMessage) => checkResponse(await provider.check(checkRequest(request))),
    diff: async (request: DiffMessage) => diffResponse(await provider.diff(diffRequest(request))),
    create: (request: CreateMessage) => create(provider, request),
    read: (request: ReadMessage) => read(provider, request),
    update: (request: UpdateMessage) => update(provider, request),
    delete: async (request: DeleteMessage) => {
      await provider.delete({
        ...target(request),
        id: request.getId(),
        properties: fromStruct(request.getProperties()),
        oldInputs: fromStruct(request.getOldInputs()),
        timeoutSeconds: request.getTimeout(),
      });
      return new emptyPb.Empty();
    },
    invoke: provider.invoke === undefined ? undefined : (request: InvokeMessage) => invoke(provider, request),
    cancel: async () => {
      await provider.cancel?.();
      return new emptyPb.Empty();
    },
  };
  const known = Object.entries(all).filter((entry): entry is [string, Handler] => entry[1] !== undefined);
  return Object.fromEntries(known);
}
