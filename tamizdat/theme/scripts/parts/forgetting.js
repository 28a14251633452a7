// The one name under which a browser remembers, and how it forgets.
export const NAME = "asks";

export const forget = () => {
  try {
    localStorage.removeItem(NAME);
  } catch {} // storage is refused: nothing was kept
};
