/** What goes back over HTTP: a status and a JSON body. */
export interface Answer {
  status: number;
  body: unknown;
  /** The connection is cut before anything of it goes out. */
  cut?: 'before';
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
