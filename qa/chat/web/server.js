// What the page asks the server for. Errors carry their message in both languages.

const UNREACHABLE = {
  chinese: "连不上问报的服务。请看看它是否还在运行，然后重试。",
  english: "Wenbao's server cannot be reached. See whether it is still running, and try again.",
};

const UNREADABLE = {
  chinese: "收到的不是问报的回答，可能是中间的代理或登录页。请刷新页面，再试一次。",
  english:
    "What came back is no answer of Wenbao's: perhaps a proxy or a login page. Reload the page and try again.",
};

/** An error that a reader is told about. */
export class Told extends Error {
  constructor({ chinese, english }, status = 0) {
    super(english);
    this.told = { chinese, english };
    this.status = status;
  }
}

async function request(path, options = {}) {
  let response;
  try {
    response = await fetch(`page/${path}`, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Told(UNREACHABLE);
  }
  if (response.ok) return response;
  const body = await response.json().catch(() => ({}));
  if (body.chinese) throw new Told(body, response.status);
  throw new Told(
    {
      chinese: `出错了（${response.status}）。请重试。`,
      english: `That did not work (${response.status}). Try again.`,
    },
    response.status,
  );
}

/** Ask for JSON; parameters that are empty are left out. */
export async function get(path, params = {}, options = {}) {
  const known = Object.entries(params).filter(([, value]) => value !== null && value !== "");
  const query = known.length ? `?${new URLSearchParams(known)}` : "";
  return (await request(path + query, options)).json();
}

/** Send JSON and get a response. */
export function post(path, body, options = {}) {
  return request(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    ...options,
  });
}

/** Send JSON and get JSON objects, one a line, as they come. */
export async function* stream(path, body, options = {}) {
  const reader = (await post(path, body, options)).body
    .pipeThrough(new TextDecoderStream())
    .getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read().catch((error) => {
      if (error.name === "AbortError") throw error;
      throw new Told(UNREACHABLE);
    });
    const lines = (rest + (value || "")).split("\n");
    rest = lines.pop();
    for (const line of lines) yield parsed(line);
    if (done) return;
  }
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    throw new Told(UNREADABLE);
  }
}

/** Send a form with files. */
export async function send(path, form) {
  return (await request(path, { method: "POST", body: form })).json();
}

/** Delete something. */
export async function remove(path, params = {}) {
  const query = Object.keys(params).length ? `?${new URLSearchParams(params)}` : "";
  return (await request(path + query, { method: "DELETE" })).json();
}
