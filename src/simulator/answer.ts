/** What goes back over HTTP: a status and a JSON body. */
export interface Answer {
  status: number;
  body: unknown;
}

/** A request, read to its end. */
export interface ReadRequest {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  headers: NodeJS.Dict<string | string[]>;
  body: Buffer;
}
