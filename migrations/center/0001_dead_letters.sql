CREATE TABLE `dead_letters` (
	`payment` text NOT NULL,
	`duty` text NOT NULL,
	`institution` text NOT NULL,
	`about` text NOT NULL,
	`since` integer NOT NULL,
	`attempts` integer NOT NULL,
	PRIMARY KEY(`payment`, `duty`, `institution`, `about`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `dead_letters_of_institution` ON `dead_letters` (`institution`,`since`);