// Small drawings for buttons: no font need have them.

import { svg } from "./dom.js";

const PATHS = {
  copy: "M9 9h10v11H9zM5 15H4V4h10v1",
  up: "M7 11v9H4v-9zM7 11l4-8c1.6 0 2.4 1 2 3l-.7 3.5H18c1.4 0 2.3 1.2 2 2.5l-1.3 6c-.2 1.2-1.2 2-2.4 2H7",
  down: "M17 13V4h3v9zM17 13l-4 8c-1.6 0-2.4-1-2-3l.7-3.500H6c-1.4 0-2.3-1.2-2-2.500l1.3-6C5.5 4.8 6.5 4 7.7 4H17",
  pen: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  cross: "M6 6l12 12M18 6L6 18",
  sun: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.400M17.6 17.600L19 19M19 5l-1.4 1.400M6.4 17.600L5 19",
  moon: "M19 14.500A8 8 0 0 1 9.5 5a8 8 0 1 0 9.5 9.500z",
};

/** Make a drawing by its name. */
export const icon = (name) =>
  svg("svg", { viewBox: "0 0 24 24", class: "wb-drawing", "aria-hidden": "true" }, svg("path", { d: PATHS[name] }));
