import { EventEmitter } from 'node:events';

/** What Node-RED's runtime tells the editor. */
interface Comms {
  topic: string;
  data: { msg?: unknown };
}

/** The debug sidebar: what debug nodes say, line by line. */
export class Sidebar {
  readonly lines: string[] = [];
  readonly #heard = new EventEmitter();

  readonly hear = ({ topic, data }: Comms): void => {
    if (topic !== 'debug') return;
    const line = String(data.msg);
    this.lines.push(line);
    this.#heard.emit('line', line);
  };

  /** The next line that has that in it. */
  next(said: string | RegExp): Promise<string> {
    return new Promise((resolve) => {
      const listen = (line: string): void => {
        if (typeof said === 'string' ? !line.includes(said) : !said.test(line)) return;
        this.#heard.off('line', listen);
        resolve(line);
      };
      this.#heard.on('line', listen);
    });
  }
}

/** The last time that a line tells, in epoch milliseconds. */
export const timeIn = (line: string): number =>
  Date.parse(line.match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g)?.at(-1) ?? '');
