/** The small drawings of the frame. None says anything that a label beside it does not. */

import type { ComponentChildren } from "preact";

function Icon({ children, size = 18 }: { children: ComponentChildren; size?: number }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const HashIcon = () => (
  <Icon size={16}>
    <path d="M8 3 6.5 17M13.5 3 12 17M3.5 7.5h13.5M3 12.5h13.5" />
  </Icon>
);

export const LockIcon = () => (
  <Icon size={16}>
    <rect x="4.5" y="9" width="11" height="8" rx="1.8" />
    <path d="M7 9V6.5a3 3 0 0 1 6 0V9" />
  </Icon>
);

export const HomeIcon = () => (
  <Icon size={16}>
    <path d="m3 9.5 7-6 7 6M5 8.5V16.5h10V8.5M8.5 16.5v-4h3v4" />
  </Icon>
);

export const BackIcon = () => (
  <Icon>
    <path d="m12 4-6 6 6 6" />
  </Icon>
);

export const DownIcon = () => (
  <Icon size={14}>
    <path d="m5 8 5 5 5-5" />
  </Icon>
);

export const SendIcon = () => (
  <Icon>
    <path d="M3.5 16.5 17 10 3.5 3.5 5.5 10l-2 6.5ZM5.5 10H11" />
  </Icon>
);

export const EyeIcon = () => (
  <Icon size={14}>
    <path d="M1.8 10S4.8 4.5 10 4.5 18.2 10 18.2 10 15.2 15.5 10 15.5 1.8 10 1.8 10Z" />
    <circle cx="10" cy="10" r="2.4" />
  </Icon>
);

export const WarnIcon = () => (
  <Icon size={16}>
    <path d="M10 3 2 16.5h16L10 3ZM10 8.5v3.5M10 14.4v.1" />
  </Icon>
);

export const CrossIcon = () => (
  <Icon size={16}>
    <path d="m5 5 10 10M15 5 5 15" />
  </Icon>
);

export const PhoneIcon = () => (
  <Icon>
    <rect x="5.5" y="2" width="9" height="16" rx="2" />
    <path d="M9 15.4h2" />
  </Icon>
);

export const MoonIcon = () => (
  <Icon>
    <path d="M16.5 11.8A7 7 0 1 1 8.2 3.5a5.6 5.6 0 0 0 8.3 8.3Z" />
  </Icon>
);

export const SunIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="3.4" />
    <path d="M10 2v1.8M10 16.2V18M2 10h1.8M16.2 10H18" />
    <path d="M4.3 4.3l1.3 1.3M14.4 14.4l1.3 1.3M15.7 4.3l-1.3 1.3M5.6 14.4l-1.3 1.3" />
  </Icon>
);

export const CallsIcon = () => (
  <Icon>
    <path d="m6.5 6-4 4 4 4M13.5 6l4 4-4 4M11.5 4l-3 12" />
  </Icon>
);

/** Murmur's own sign: a quiet line, and what one hears in it. */
export const MurmurMark = ({ size = 20 }: { size?: number }) => (
  <svg class="mark" width={size} height={size} viewBox="0 0 20 20" fill="none" aria-hidden="true">
    <path
      d="M1.5 10.5h3.2l1.6-3 2.5 7 2.6-10 2.3 7.4 1.1-1.4h3.7"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>
);
