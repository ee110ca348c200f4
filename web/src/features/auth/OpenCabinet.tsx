import classes from './auth.module.css';

/** Shelves with books, a coin, cards and a framed picture. Decoration only. */
export function OpenCabinet() {
  return (
    <svg
      className={classes.cabinet}
      viewBox="0 0 300 340"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      aria-hidden
    >
      <path d="M30 330V130a120 120 0 0 1 240 0v200z" className={classes.mat} />
      <path d="M30 160h240M30 246h240M150 10v320" />
      <rect x="50" y="98" width="14" height="62" className={classes.spine} />
      <rect x="67" y="86" width="18" height="74" className={classes.spineSoft} />
      <rect x="88" y="92" width="12" height="68" className={classes.spine} />
      <rect x="103" y="78" width="20" height="82" className={classes.spineSoft} />
      <rect x="126" y="94" width="12" height="66" className={classes.spine} />
      <rect x="172" y="66" width="74" height="82" />
      <rect x="182" y="76" width="54" height="62" className={classes.spineSoft} />
      <path d="M184 128l16-22 12 14 10-10 12 18" />
      <circle cx="222" cy="92" r="6" className={classes.lit} />
      <circle cx="72" cy="208" r="24" className={classes.lit} />
      <circle cx="72" cy="208" r="17" />
      <circle cx="122" cy="220" r="14" />
      <rect
        x="174"
        y="186"
        width="34"
        height="48"
        rx="3"
        className={classes.spineSoft}
        transform="rotate(-8 191 210)"
      />
      <rect
        x="206"
        y="184"
        width="34"
        height="48"
        rx="3"
        className={classes.spine}
        transform="rotate(5 223 208)"
      />
      <rect x="50" y="272" width="80" height="16" className={classes.spineSoft} />
      <rect x="56" y="290" width="70" height="18" className={classes.spine} />
      <rect x="48" y="310" width="86" height="18" className={classes.spineSoft} />
      <path d="M182 328c0-30 8-44 8-58h40c0 14 8 28 8 58z" />
      <path d="M190 270c0-8 40-8 40 0" />
    </svg>
  );
}
