import classes from './Cabinet.module.css';

/** The open cabinet with room on its shelves: the one picture of our empty states. */
export function Cabinet() {
  return (
    <svg
      className={classes.cabinet}
      viewBox="0 0 240 170"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      aria-hidden
    >
      <path d="M70 160V70a50 50 0 0 1 100 0v90z" className={classes.thing} />
      <path d="M70 110h100M120 20v140" />
      <path d="M70 160V70c0-14 6-27 15-36L34 24v146z M170 160V70c0-14-6-27-15-36l51-10v146z" />
      <rect x="82" y="78" width="8" height="32" />
      <rect x="92" y="72" width="9" height="38" />
      <rect x="103" y="82" width="7" height="28" />
      <circle cx="146" cy="94" r="13" className={classes.light} />
      <rect x="132" y="128" width="26" height="26" strokeDasharray="4 4" />
      <rect x="84" y="126" width="24" height="30" strokeDasharray="4 4" />
    </svg>
  );
}
