/** The warning sign beside something that was pressed in vain. */
export function Trouble({ text }: { text: string }) {
  if (!text) return null;
  return (
    <span class="bk-trouble-sign" role="img" aria-label={text} title={text}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path d="M8 1.6 15.2 14H.8Z" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round" />
        <path d="M8 6v3.6M8 11.4v.6" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" />
      </svg>
    </span>
  );
}
