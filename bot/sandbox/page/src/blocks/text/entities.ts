/** The three entities Slack knows. The ampersand comes last, or "&amp;lt;" would turn into "<". */
export function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
