-- Lots whose levels are watched by us: found by the watch without reading every open lot.
ALTER TABLE lots ADD COLUMN watched BIGINT NOT NULL DEFAULT 0;
CREATE INDEX lots_by_watched ON lots (id) WHERE watched = 1;
