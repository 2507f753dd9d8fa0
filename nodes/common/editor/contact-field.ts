/** Turns the row `contact` into a typed input. `msg.payload` is the contact's number on every wire. */
export function prepareContactField(): void {
  $('#node-input-contact').typedInput({
    default: 'msg',
    types: ['msg', 'flow', 'global', 'env', 'jsonata', 'str'],
    typeField: '#node-input-contactType',
  });
}
