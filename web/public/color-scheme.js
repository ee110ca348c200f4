// Runs before the first paint so that the lamp-lit theme never flashes white.
(function () {
  var stored = null;
  try {
    stored = localStorage.getItem('armarium-color-scheme');
  } catch (error) {
    // Storage may be closed to us (private windows); the system's choice is used.
  }
  var dark =
    stored === 'dark' ||
    (stored !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
