import { readExample, type FlowNode } from '../../examples/support/files';
import { scripts, type RunningNodeRed, type Runtime } from './scripts';
import { newUserDir, writeSettings } from './user-dir';

/** A Node-RED process with our package installed, worked through its admin API and the simulator's control API. */
export class RealNodeRed {
  #process: RunningNodeRed | null = null;
  #flow: FlowNode[] = [];
  #simulatorUrl = '';
  /** How much of the output has been read. */
  #read = 0;

  private constructor(
    private readonly runtime: Runtime,
    private readonly userDir: string,
  ) {}

  /**
   * @param settings what to add to Node-RED's settings
   * @param code what to add to their file
   */
  static async start(runtime: Runtime, settings: object = {}, code = ''): Promise<RealNodeRed> {
    const { freePort } = await scripts;
    const simulatorPort = await freePort();
    const userDir = await newUserDir(
      { whatsappCallingAccountSimulatorPort: simulatorPort, ...settings },
      code,
    );
    const nodeRed = new RealNodeRed(runtime, userDir);
    nodeRed.#simulatorUrl = `http://127.0.0.1:${simulatorPort}`;
    await nodeRed.#start();
    return nodeRed;
  }

  async #start(): Promise<void> {
    const { freePort, startNodeRed } = await scripts;
    this.#read = 0;
    this.#process = await startNodeRed({
      runtime: this.runtime,
      userDir: this.userDir,
      port: await freePort(),
      env: { WHATSAPP_SIMULATOR_URL: this.simulatorUrl },
    });
    await this.says('Started flows');
  }

  get url(): string {
    return this.#process?.url ?? '';
  }

  /** Of the simulator inside this Node-RED. */
  get simulatorUrl(): string {
    return this.#simulatorUrl;
  }

  output(): string {
    return this.#process?.output() ?? '';
  }

  /** Stops the process and starts another in the same folder; `SIGKILL` is a crash. */
  async restart(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await this.stop(signal);
    await this.#start();
    await this.#accountIsOpen();
  }

  async stop(signal?: NodeJS.Signals): Promise<void> {
    await this.#process?.stop(signal);
  }

  /** Starts the process, which was stopped, with other settings. */
  async startWith(settings: object, code = ''): Promise<void> {
    await writeSettings(this.userDir, settings, code);
    await this.#start();
  }

  /** Deploys an example, its debug nodes printing to the log as well. */
  deployExample(name: string, account: object = {}): Promise<void> {
    return this.deployExamples([name], account);
  }

  /** The same with several examples beside each other. */
  async deployExamples(names: string[], account: object = {}): Promise<void> {
    const changes: Record<string, object> = {
      debug: { console: true },
      'whatsapp-calling-account': account,
    };
    const flow = names.flatMap(readExample);
    await this.deploy(flow.map((node) => ({ ...node, ...changes[node.type] })));
    await this.#accountIsOpen();
  }

  async deploy(flow: FlowNode[]): Promise<void> {
    this.#flow = flow;
    await this.#ask('/flows', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'Node-RED-API-Version': 'v2' },
      body: JSON.stringify({ flows: flow }),
    });
    await this.says('Started flows');
  }

  /** The simulator listens when its account is open. */
  async #accountIsOpen(): Promise<void> {
    const { until } = await scripts;
    await until('the simulator listens', async () => (await this.simulator('')).ok);
  }

  /** The nodes that Node-RED has loaded of our package. */
  async ourNodes(): Promise<{ name: string; enabled: boolean; err?: string }[]> {
    const answer = await this.#ask('/nodes', { headers: { accept: 'application/json' } });
    const all = (await answer.json()) as { name: string; enabled: boolean; module: string }[];
    return all.filter(({ module }) => module === 'node-red-contrib-whatsapp-calling');
  }

  /** Presses the button of an inject node. Its flow goes on when this is over. */
  async press(name: string): Promise<void> {
    const button = this.#flow.find((node) => node.type === 'inject' && node.name === name);
    await this.#ask(`/inject/${button?.id}`, { method: 'POST' });
  }

  /** Presses a button, and waits for what the log says of it. */
  async pressFor(name: string, said: string): Promise<string> {
    await this.press(name);
    return this.says(said);
  }

  /** The next line of the log that has that in it; what stood before it is never looked at again. */
  async says(said: string): Promise<string> {
    const { until } = await scripts;
    return until(`the log says "${said}"`, () => this.#readUpTo(said), 15_000).catch(
      (problem: Error) => {
        throw new Error(`${problem.message}\n${this.output()}`);
      },
    );
  }

  #readUpTo(said: string): string | null {
    const text = this.output();
    const at = text.indexOf(said, this.#read);
    if (at < 0) return null;
    this.#read = at + said.length;
    return text.slice(text.lastIndexOf('\n', at) + 1).split('\n', 1)[0] ?? null;
  }

  /** A command to the simulator. */
  simulator(command: string, body?: object): Promise<Response> {
    const url = `${this.simulatorUrl}/simulator${command}`;
    return body === undefined
      ? fetch(url)
      : fetch(url, { method: 'POST', body: JSON.stringify(body) });
  }

  async #ask(address: string, init?: RequestInit): Promise<Response> {
    const answer = await fetch(this.url + address, init);
    if (!answer.ok) throw new Error(`${address}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}
