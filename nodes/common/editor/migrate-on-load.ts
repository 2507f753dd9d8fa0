import { migrate, type Migration } from '../migrations';

/**
 * Brings nodes of this type up to date as they come into the editor, from the runtime or by an import, so that their
 * dialogs and badges show what the runtime makes of them. They are stored with the next deploy.
 */
export function migrateOnLoad(type: string, migrations: readonly Migration[]): void {
  RED.events.on('nodes:add', (node) => {
    if (node.type !== type) return;
    const settings = settingsOf(node);
    for (const [name, value] of Object.entries(migrate(settings, migrations))) {
      if (settings[name] !== value) Reflect.set(node, name, value);
    }
  });
}

/** The editor gives a node every setting that its type has, and leaves undefined what the flow lacks. */
const settingsOf = (node: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(node).filter(([, value]) => value !== undefined));
