/** Returns the name of a model without its owner, and without suffixes for tuning or quantization. */
export function bareName(model: string): string {
  return model.replace(/^[\w.-]+\/(?=\w)/, '').replace(/([-_ ](instruct|chat|hf|bf16|fp8|fp4|nvfp4))+$/i, '');
}
