"""What a form in one language says of texts in several."""

from geoportal.kernel.multilingual import rewritten


def test_a_text_left_as_it_was_seen_is_no_translation() -> None:
    assert rewritten({"bg": "Парк"}, {"en": "Парк"}) == {"bg": "Парк"}
    assert rewritten({"bg": "Парк"}, {"en": "Park"}) == {"bg": "Парк", "en": "Park"}
    assert rewritten({"bg": "Парк", "en": "Park"}, {"en": "Парк"}) == {"bg": "Парк", "en": "Парк"}
    assert rewritten(None, {"bg": "Парк"}) == {"bg": "Парк"}
