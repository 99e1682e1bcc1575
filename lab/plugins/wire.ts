import { Metadata, status } from "@grpc/grpc-js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import statusPb from "@pulumi/pulumi/proto/status_pb.js";
import anyPb from "google-protobuf/google/protobuf/any_pb.js";
import structPb from "google-protobuf/google/protobuf/struct_pb.js";

/** Properties as they lie on the wire: plain values, secrets and assets as objects with a signature, unknowns as a text. */
export type Properties = Record<string, unknown>;

/** Key of every special object of the engine, and its values (sdk/go/common/resource/sig). */
export const signatureKey = "4dabf18193072939515e22adb298388d";
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
export const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
export const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";

/** The text that stands for a value not yet known. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface Secret {
  [signatureKey]: typeof secretSignature;
  value: unknown;
}

/** True for an object that is neither null nor an array. */
export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for a value wrapped as a secret. */
export function isSecret(value: unknown): value is Secret & Properties {
  return isObject(value) && value[signatureKey] === secretSignature;
}

/** Wraps a value as a secret; one that is wrapped already stays as it is. */
export function secret(value: unknown): Secret {
  return isSecret(value) ? value : { [signatureKey]: secretSignature, value };
}

/** The value without any secret wrapper, at every depth. */
export function unwrapSecrets(value: unknown): unknown {
  if (isSecret(value)) return unwrapSecrets(value["value"]);
  if (Array.isArray(value)) return value.map(unwrapSecrets);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, unwrapSecrets(field)]));
}

/** True when the value, or anything in it, is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

/** Fields that are undefined can't be sent: they are left out. */
function withoutUndefined(value: unknown): structPb.JavaScriptValue {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (!isObject(value)) return (value ?? null) as structPb.JavaScriptValue;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([key, field]) => [key, withoutUndefined(field)]));
}

/** Protobuf Struct of a plain object. */
export function toStruct(properties: Properties): structPb.Struct {
  return structPb.Struct.fromJavaScript(withoutUndefined(properties) as Record<string, structPb.JavaScriptValue>);
}

/** Plain object of a Protobuf Struct; none counts as empty. */
export function fromStruct(struct: structPb.Struct | undefined): Properties {
  return struct === undefined ? {} : struct.toJavaScript();
}

/** An error with the gRPC code and text that the engine is to see; any other thrown error becomes `Unknown` with its message. */
export class RpcError extends Error {
  readonly code: status;
  readonly metadata: Metadata | undefined;

  constructor(code: status, message: string, metadata?: Metadata) {
    super(message);
    this.code = code;
    this.metadata = metadata;
  }
}

/** What the engine must keep of a resource that was made or changed only in part. */
export interface PartialResource {
  id: string;
  properties: Properties;
  /** inputs to keep; the resource's former ones when absent */
  inputs?: Properties;
  reasons: readonly string[];
}

/**
 * The error after which the engine keeps the resource with these outputs and `initErrors`: a google.rpc.Status with
 * an ErrorResourceInitFailed, in the trailer that gRPC libraries use for details.
 */
export function initFailed(message: string, partial: PartialResource): RpcError {
  const detail = new pb.ErrorResourceInitFailed();
  detail.setId(partial.id);
  detail.setProperties(toStruct(partial.properties));
  if (partial.inputs !== undefined) detail.setInputs(toStruct(partial.inputs));
  detail.setReasonsList([...partial.reasons]);
  const any = new anyPb.Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const rich = new statusPb.Status();
  rich.setCode(status.UNKNOWN);
  rich.setMessage(message);
  rich.setDetailsList([any]);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(rich.serializeBinary()));
  return new RpcError(status.UNKNOWN, message, metadata);
}
