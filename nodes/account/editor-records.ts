import type { Translate } from '../common/editor/red';
import { valid } from '../common/editor/validators';

/** A store that the settings file does not define would silently be Node-RED's default one. */
export const existingStore = valid(
  'context-store',
  (name) => name === '' || RED.settings.context.stores.includes(name),
);

/** Fills the select with the context stores of this Node-RED, and the chosen one even where it is gone. */
export function listStores(chosen: string, translate: Translate): void {
  const { stores } = RED.settings.context;
  const names = stores.includes(chosen) || chosen === '' ? stores : [...stores, chosen];
  $('#node-config-input-contextStore')
    .empty()
    .append(
      new Option(`${translate('option.default-store')} (${RED.settings.context.default})`, ''),
    )
    .append(names.map((name) => new Option(name, name)))
    .val(chosen);
}

/**
 * Says what the chosen place can lose. Node-RED tells the editor the names of its stores, not their modules;
 * only an installation without any `contextStorage` is known to have nothing but memory.
 */
export function showPlace(records: string, connection: string): void {
  const { stores } = RED.settings.context;
  const memoryOnly = stores.length === 1 && stores[0] === 'memory';
  const isContext = records === 'flow' || records === 'global';
  $('.wacalling-flow').toggle(records === 'flow');
  $('.wacalling-disk').toggle(records === 'disk');
  $('.wacalling-redis').toggle(records === 'redis');
  $('.wacalling-context').toggle(isContext);
  $('.wacalling-memory-only').toggle(isContext && memoryOnly);
  $('.wacalling-any-store').toggle(isContext && !memoryOnly);
  $('.wacalling-recommend-disk').toggle(isContext && connection === 'cloud-api');
}
