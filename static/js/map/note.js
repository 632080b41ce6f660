// The one line of words over a map: what one thing said stays when another has nothing more to say.

const OWN = "map";

export class Note {
  /** `node`: hidden while nobody says anything; a change in it is read out. `panel`: whoever chooses there has read what was said of layers. */
  constructor(node, panel) {
    this.node = node;
    this.said = new Map();
    panel?.addEventListener("change", () => {
      for (const who of this.said.keys()) if (who !== OWN) this.say("", who);
    });
  }

  /** The sentence of `who`, or "" for none any more: the map's own, or of areas, or of one layer. */
  say(sentence, who = OWN) {
    this.said.delete(who);
    if (sentence) this.said.set(who, sentence);
    this.node.textContent = [...new Set(this.said.values())].join(" ");
    this.node.hidden = !this.said.size;
  }
}
