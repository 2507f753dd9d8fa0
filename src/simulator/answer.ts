/** What goes back over HTTP: a status and a JSON body. */
export interface Answer {
  status: number;
  /** A text goes out as it is. */
  body: unknown;
  /** The connection is cut before the answer, or in the middle of it. */
  cut?: 'before' | 'amid';
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
