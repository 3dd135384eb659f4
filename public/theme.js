// Before the first paint, so that a remembered theme does not flash. The page's policy allows no inline script.
(() => {
  try {
    const theme = localStorage.getItem('fixpoint-theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch (error) {
    console.warn('The remembered theme could not be read', error);
  }
})();
