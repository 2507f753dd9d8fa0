import type { Node, NodeStatusFill, NodeStatusShape } from 'node-red';
import type { AccountBlockReason } from '../../src/rules';
import { asCodedError } from './coded-error';

/** How each state looks. The text is the name of a translation, `status.<state>`. */
const LOOKS = {
  callable: ['green', 'dot'],
  'callable-already': ['green', 'dot'],
  requested: ['blue', 'dot'],
  placed: ['green', 'dot'],
  ended: ['grey', 'dot'],
  done: ['green', 'dot'],
  listening: ['green', 'ring'],
  'needs-request': ['blue', 'ring'],
  limited: ['yellow', 'ring'],
  revoked: ['red', 'ring'],
  failed: ['red', 'ring'],
  'no-account': ['red', 'ring'],
  settings: ['red', 'ring'],
  template: ['yellow', 'ring'],
  'account-restricted': ['red', 'ring'],
  'account-not-eligible': ['red', 'ring'],
  'rate-limited': ['yellow', 'ring'],
  'daily-initiations': ['yellow', 'ring'],
  'concurrent-calls': ['yellow', 'ring'],
} as const satisfies Record<string, Look> & Record<AccountBlockReason, Look>;

type Look = readonly [NodeStatusFill, NodeStatusShape];

export type BadgeState = keyof typeof LOOKS;

/** What is wrong with the node itself is shown even where its account is stopped. */
const FAULTS: ReadonlySet<BadgeState | null> = new Set(['failed', 'no-account', 'settings']);
const PROBLEMS: ReadonlySet<BadgeState | null> = new Set(['no-account', 'settings']);

const isAccountMissing = (problem: Error): boolean =>
  asCodedError(problem).code === 'account-missing';

/** The badge under a node: changes when the state does, not with every message. */
export class Badge {
  /** The node's own state. */
  #state: BadgeState | null;
  /** What stops its whole account. */
  #stop: AccountBlockReason | null = null;
  #shown: BadgeState | null = null;

  /** @param idle what is shown while there is nothing to say */
  constructor(
    private readonly node: Node,
    private readonly idle: BadgeState | null = null,
  ) {
    this.#state = idle;
    this.#update();
  }

  /** Shows what keeps a node from working at all; null: nothing does, or no longer. */
  showProblem(problem: Error | null): void {
    if (problem) this.show(isAccountMissing(problem) ? 'no-account' : 'settings');
    else if (PROBLEMS.has(this.#state)) {
      this.#state = this.idle;
      this.#update();
    }
  }

  /** Shows what was found out before any message came; what a message has shown stays. */
  showFinding(state: BadgeState): void {
    if (this.#state === null) this.show(state);
  }

  show(state: BadgeState): void {
    this.#state = state;
    this.#update();
  }

  /** Shows what stops the node's account, before the node's own state; null: nothing does. */
  showStop(reason: AccountBlockReason | null): void {
    this.#stop = reason;
    this.#update();
  }

  #update(): void {
    const state = FAULTS.has(this.#state) ? this.#state : (this.#stop ?? this.#state);
    if (state === this.#shown) return;
    this.#shown = state;
    if (state === null) return this.node.status({});
    const [fill, shape] = LOOKS[state];
    this.node.status({ fill, shape, text: `status.${state}` });
  }
}
