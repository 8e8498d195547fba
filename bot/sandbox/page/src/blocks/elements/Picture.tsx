/** An image; where it cannot be shown, what it shows is said. */

import { useState } from "preact/hooks";
import type { Element } from "../../types";

export function Picture({ of, small }: { of: Element; small?: boolean }) {
  const [broken, setBroken] = useState("");
  const source = String(of.image_url ?? "");
  const words = String(of.alt_text ?? "");
  if (!/^(https?:|data:image\/)/i.test(source) || broken === source) {
    return <span class="bk-unknown">(image: {words})</span>;
  }
  return (
    <img
      class={small ? "bk-picture-small" : "bk-picture"}
      src={source}
      alt={words}
      loading="lazy"
      referrerpolicy="no-referrer"
      onError={() => setBroken(source)}
    />
  );
}
