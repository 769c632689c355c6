/** How the text of a script is run in an instance: user data and Run Command alike. */

/** The script's own interpreter, else /bin/sh. A shell is given the text as an argument, so that its standard input stays free. */
export function scriptCommand(script: string): { readonly argv: readonly string[]; readonly input?: string } {
  const shebang = /^#!\s*([^\n]+)/.exec(script)?.[1]?.trim();
  const interpreter = shebang === undefined || shebang === "" ? ["/bin/sh"] : shebang.split(/\s+/);
  const takesText = interpreter.some((word) => /(^|\/)((ba|da|z|k)?sh|python[\d.]*)$/.test(word));
  return takesText ? { argv: [...interpreter, "-c", script] } : { argv: interpreter, input: script };
}
