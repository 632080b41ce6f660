// Browsers that know no modules, and they alone, load this: as without scripts, the room of the map is given back.
document.addEventListener("DOMContentLoaded", function () {
  var maps = document.querySelectorAll("[data-place-picker]");
  var side = document.getElementById("side");
  if (side) side.classList.add("is-read");
  for (var each = 0; each < maps.length; each += 1) maps[each].hidden = true;
});
