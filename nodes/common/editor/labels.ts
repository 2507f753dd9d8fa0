interface Labelled {
  name?: string;
  _(key: string): string;
}

/** What a node is called on the canvas: its own name, or what it does. */
export const nodeLabel = function (this: Labelled): string {
  return this.name || this._('label.node');
};

export const labelStyle = function (this: Labelled): string {
  return this.name ? 'node_label_italic' : '';
};

/** What a node is called in the palette. Node-RED calls it on the definition, where `name` is none of ours. */
export const paletteLabel = function (this: Labelled): string {
  return this._('label.node');
};

/** The tooltips of a node's output ports, in their order: names in the catalog's group `output`. */
export function portLabels(...names: string[]): (this: Labelled, index: number) => string {
  return function (index) {
    return this._(`output.${names[index]}`);
  };
}
