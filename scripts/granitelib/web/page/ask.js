// SPDX-License-Identifier: MIT
// Questions to the server, which asks the machine. An answer has rows, notes,
// error, `at` (the machine's time, ns) and next_s (when there will be news).

export class NoAnswer extends Error {}

async function read(request) {
  let response;
  try {
    response = await request;
  } catch {
    throw new NoAnswer("the server of this page is gone: start `granite inspect --web` again");
  }
  const answer = await response.json();
  if (!response.ok) {
    throw new NoAnswer(answer.error);
  }
  return answer;
}

export function ask(command) {
  return read(fetch(`ask?command=${encodeURIComponent(command)}`));
}

// For what changes something.
export function act(command) {
  return read(fetch("act", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ command }),
  }));
}
