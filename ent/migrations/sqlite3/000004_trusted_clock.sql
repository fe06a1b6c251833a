-- create "trusts" table
CREATE TABLE `trusts` (
  `name` text NOT NULL,
  `seen_at` integer NOT NULL,
  `believed_at` integer NOT NULL,
  `next_at` integer NOT NULL,
  `ran` integer NOT NULL,
  PRIMARY KEY (`name`)
);
