/** One entry of an answer's `errors`. */
export interface Refusal {
  code: number;
  message: string;
  error_chain?: Refusal[];
}

/** A refusal of the API with its HTTP status; every error found is in it. */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: Refusal[];

  constructor(status: number, errors: Refusal[]) {
    super(errors.map(({ code, message }) => `${code} ${message}`).join("; "));
    this.status = status;
    this.errors = errors;
  }
}

/** A refusal with one error. */
export function refuse(status: number, code: number, message: string): ApiError {
  return new ApiError(status, [{ code, message }]);
}

export interface ResultInfo {
  page: number;
  per_page: number;
  count: number;
  total_count: number;
  total_pages: number;
}

/** What a handler answers: `result`, and for lists the paging. */
export interface Answer {
  result: unknown;
  result_info?: ResultInfo;
  messages?: Refusal[];
  /** a text body instead of the envelope */
  text?: string;
}

/**
 * What the service answers for a type of its own npm client: every field that the client requires, of its type.
 * `Null` names those fields (`owner.id`) for which the service answers null although its client doesn't say so.
 */
export type Answered<T, Null extends string = never> = T extends readonly (infer Item)[]
  ? Answered<Item, Null>[]
  : T extends object
    ? { [K in keyof T]: Answered<T[K], Below<Null, K>> | (K extends Null ? null : never) }
    : T;

type Below<Null, K> = K extends string ? (Null extends `${K}.${infer Rest}` ? Rest : never) : never;

/** A request as a handler sees it. */
export interface Call {
  query: URLSearchParams;
  /** parsed JSON object; empty when the request has no body */
  body: Record<string, unknown>;
}

/**
 * One page of a list, by `page` and `per_page`.
 * @throws 400 when they are no whole numbers within the API's bounds
 */
export function paginate(all: readonly unknown[], query: URLSearchParams, size: number, largest: number): Answer {
  const whole = (name: string, fallback: number) => Number(query.get(name) ?? fallback);
  const [page, perPage] = [whole("page", 1), whole("per_page", size)];
  if (!Number.isInteger(page) || page < 1) throw refuse(400, 1004, "Invalid page number");
  if (!Number.isInteger(perPage) || perPage < 1 || perPage > largest) {
    throw refuse(400, 1004, `Invalid per_page: must be between 1 and ${largest}`);
  }
  const result = all.slice((page - 1) * perPage, page * perPage);
  return {
    result,
    result_info: {
      page,
      per_page: perPage,
      count: result.length,
      total_count: all.length,
      total_pages: Math.ceil(all.length / perPage),
    },
  };
}

/** A field of a request as text; anything but a text counts as absent. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
