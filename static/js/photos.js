// Photos of a step of a new report: sent to the draft that the server keeps; without a connection they wait in the phone's store.
import { ToServer } from "./photo_ways.js";
import { PhotoList } from "./photo_list.js";

const { words } = JSON.parse(document.getElementById("map-data").textContent);

for (const root of document.querySelectorAll("[data-photos]")) new PhotoList(root, words, new ToServer(root.closest("form"), words));
