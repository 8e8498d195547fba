/** Emoji by Slack's names: those that Murmur uses and the usual ones. Others stay as they are typed. */

const SIGNS: Record<string, string> = {
  // Murmur's own
  triangular_flag_on_post: "🚩",
  seedling: "🌱",
  warning: "⚠️",
  handshake: "🤝",
  lock: "🔒",
  closed_lock_with_key: "🔐",
  key: "🔑",
  bulb: "💡",
  speech_balloon: "💬",
  bar_chart: "📊",
  chart_with_upwards_trend: "📈",
  chart_with_downwards_trend: "📉",
  calendar: "📆",
  date: "📅",
  hourglass_flowing_sand: "⏳",
  bell: "🔔",
  no_bell: "🔕",
  white_check_mark: "✅",
  heavy_check_mark: "✔️",
  ballot_box_with_check: "☑️",
  x: "❌",
  information_source: "ℹ️",
  question: "❓",
  memo: "📝",
  pencil2: "✏️",
  mag: "🔍",
  gear: "⚙️",
  wrench: "🔧",
  busts_in_silhouette: "👥",
  bust_in_silhouette: "👤",
  // what people write
  wave: "👋",
  smile: "😄",
  slightly_smiling_face: "🙂",
  grinning: "😀",
  joy: "😂",
  sweat_smile: "😅",
  wink: "😉",
  thinking_face: "🤔",
  neutral_face: "😐",
  disappointed: "😞",
  cry: "😢",
  tired_face: "😫",
  weary: "😩",
  sleeping: "😴",
  see_no_evil: "🙈",
  eyes: "👀",
  thumbsup: "👍",
  "+1": "👍",
  thumbsdown: "👎",
  "-1": "👎",
  clap: "👏",
  raised_hands: "🙌",
  pray: "🙏",
  muscle: "💪",
  ok_hand: "👌",
  point_right: "👉",
  heart: "❤️",
  tada: "🎉",
  sparkles: "✨",
  star: "⭐",
  fire: "🔥",
  rocket: "🚀",
  ship: "🚢",
  coffee: "☕",
  cake: "🍰",
  pizza: "🍕",
  books: "📚",
  computer: "💻",
  bug: "🐛",
  robot_face: "🤖",
  brain: "🧠",
  microscope: "🔬",
  sunny: "☀️",
  cloud: "☁️",
  rain_cloud: "🌧️",
  snowflake: "❄️",
  palm_tree: "🌴",
  pushpin: "📌",
  paperclip: "📎",
  link: "🔗",
  email: "📧",
  house: "🏠",
  hourglass: "⌛",
  stopwatch: "⏱️",
  alarm_clock: "⏰",
  rotating_light: "🚨",
  large_green_circle: "🟢",
  large_yellow_circle: "🟡",
  large_orange_circle: "🟠",
  red_circle: "🔴",
  large_blue_circle: "🔵",
  white_circle: "⚪",
  black_circle: "⚫",
  arrow_up: "⬆️",
  arrow_down: "⬇️",
  arrow_right: "➡️",
  arrow_left: "⬅️",
  arrow_upper_right: "↗️",
  arrow_lower_right: "↘️",
};

const NAMED = /:([a-z0-9_+'-]+):/g;

/** The sign of an emoji, "" when there is none here. */
export function emojiSign(name: string): string {
  return Object.hasOwn(SIGNS, name) ? (SIGNS[name] ?? "") : "";
}

/** What a screen reader says instead of the sign: "triangular flag on post". */
export function emojiWords(name: string): string {
  return name === "+1" ? "thumbs up" : name === "-1" ? "thumbs down" : name.replaceAll("_", " ");
}

/** Text with signs in the place of names, where no element can stand: labels, placeholders. */
export function withSigns(text: string): string {
  return text.replace(NAMED, (typed, name: string) => emojiSign(name) || typed);
}

/** Text cut into words and emoji. Names overlap in "a:b:wave:", so a name that is none gives its last colon back. */
export function cutAtEmoji(text: string): (string | { name: string; sign: string })[] {
  const cut: (string | { name: string; sign: string })[] = [];
  const named = new RegExp(NAMED);
  let rest = 0;
  for (let match = named.exec(text); match; match = named.exec(text)) {
    const name = match[1] ?? "";
    const sign = emojiSign(name);
    if (!sign) {
      named.lastIndex -= 1;
      continue;
    }
    if (match.index > rest) cut.push(text.slice(rest, match.index));
    cut.push({ name, sign });
    rest = named.lastIndex;
  }
  if (rest < text.length) cut.push(text.slice(rest));
  return cut;
}
