-- Older points of equity curves are thinned out by their time, whoever they are of.
CREATE INDEX equity_points_by_time ON equity_points (at);
