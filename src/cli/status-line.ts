/** One line on standard error that tells how far a long command is; nothing where nobody looks. */
export function statusLine(stream: NodeJS.WriteStream = process.stderr) {
  const rewrite = (text: string) => {
    if (stream.isTTY) stream.write(`\r\u001b[2K${text}`)
  }
  return {
    show: (text: string) => rewrite(text.slice(0, (stream.columns ?? 80) - 1)),
    clear: () => rewrite(''),
  }
}
