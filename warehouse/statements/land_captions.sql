-- Adds the captions in `captioned`.
INSERT INTO store.media SELECT *, NULL FROM captioned;
