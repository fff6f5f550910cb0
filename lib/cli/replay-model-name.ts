/** The published name of a model, without its owner and without what only tells how it was tuned or rounded. */
export function bareName(model: string): string {
  return model.replace(/^[\w.-]+\/(?=\w)/, '').replace(/([-_ ](instruct|chat|hf|bf16|fp8|fp4|nvfp4))+$/i, '');
}
