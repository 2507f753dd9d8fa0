import type { Node, NodeStatusFill, NodeStatusShape } from 'node-red';
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
} as const satisfies Record<string, readonly [NodeStatusFill, NodeStatusShape]>;

export type BadgeState = keyof typeof LOOKS;

/** The badge under a node: changes when the state does, not with every message. */
export class Badge {
  #shown: BadgeState | null = null;

  constructor(private readonly node: Node) {}

  /** Shows what keeps a node from working at all; nothing where nothing does. */
  showProblem(problem: Error | null): void {
    if (problem)
      this.show(asCodedError(problem).code === 'account-missing' ? 'no-account' : 'settings');
  }

  /** Shows what was found out before any message came; what a message has shown stays. */
  showFinding(state: BadgeState): void {
    if (this.#shown === null) this.show(state);
  }

  show(state: BadgeState): void {
    if (state === this.#shown) return;
    this.#shown = state;
    const [fill, shape] = LOOKS[state];
    this.node.status({ fill, shape, text: `status.${state}` });
  }
}
